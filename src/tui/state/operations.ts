import { FoundryError } from '../../errors.ts';
import type { Foundry } from '../../foundry/foundry.ts';
import type { Plan } from '../../foundry/plan.ts';
import { type Ask, type CallResult, callTool } from '../../tools/call.ts';
import type { Tool } from '../../tools/tool.ts';
import type { Dialogs } from './dialogs.ts';
import type { Flash } from './flash.ts';
import { createCell, type Source } from './source.ts';

/** A tool that was called here. */
export interface Operation {
  readonly id: number;
  readonly tool: Tool;
  readonly input: Readonly<Record<string, unknown>>;
  readonly state: 'planning' | 'asking' | 'running' | 'done' | 'failed' | 'declined';
  /** What a human approved, or was asked to. */
  readonly plan?: Plan;
  /** Steps done so far. */
  readonly done: number;
  /** What was told on the way, the latest last. */
  readonly messages: readonly string[];
  readonly result?: CallResult;
  readonly started: Date;
}

/** Calls of tools, the latest first. They go on whatever screen is shown. */
export interface Operations extends Source<readonly Operation[]> {
  /** Plans, asks, runs; tells in the flash line how it went. */
  run(tool: Tool, input: Readonly<Record<string, unknown>>): Promise<CallResult>;
  /** Stops the latest that still runs. False = nothing runs. */
  stop(): boolean;
  running(): readonly Operation[];
  /** Ends everything and waits until it has ended. */
  close(): Promise<void>;
}

export interface OperationServices {
  readonly foundry: Foundry;
  readonly caller: string;
  readonly dialogs: Dialogs;
  readonly flash: Flash;
  readonly now: () => Date;
}

/** Messages and operations that are kept. */
const kept = { messages: 200, operations: 50 } as const;

export function createOperations({ foundry, caller, dialogs, flash, now }: OperationServices): Operations {
  const { set, ...source } = createCell<readonly Operation[]>([]);
  const ending = new Map<number, { readonly abort: AbortController; readonly ended: Promise<unknown> }>();
  let latest = 0;

  function change(id: number, next: (operation: Operation) => Partial<Operation>): void {
    set(source.snapshot().map((one) => (one.id === id ? { ...one, ...next(one) } : one)));
  }

  async function carryOut(id: number, tool: Tool, input: Operation['input'], signal: AbortSignal): Promise<CallResult> {
    const ask: Ask = async ({ plan, context, subject }) => {
      change(id, () => ({ state: 'asking', plan }));
      flash.clear();
      const typed = tool.effect === 'destroy' && foundry.protects(context) ? subject : undefined;
      const lines = [
        `${tool.title} in context ${context}?`,
        ...(input.unmanaged === true ? ['It was made by others, not by KubeFoundry.'] : []),
      ];
      const yes = await dialogs.ask({ title: tool.title, plan, lines, ...(typed !== undefined && { typed }) }, signal);
      if (yes) change(id, () => ({ state: 'running' }));
      return yes ? 'approved' : 'declined';
    };
    const progress = ({ message, done }: { readonly message: string; readonly done?: number }) => {
      change(id, (one) => ({
        state: one.state === 'asking' ? 'asking' : 'running',
        done: done ?? one.done,
        messages: [...one.messages, message].slice(-kept.messages),
      }));
      flash.show(`${tool.title}: ${message}`, 'busy');
    };
    try {
      return await callTool(tool, input, { context: { foundry, caller, progress }, signal, ask });
    } catch {
      // Only a call that was cancelled before it changed anything ends like this.
      return { ok: false, error: new FoundryError('DECLINED', `${tool.title}: stopped.`, 'Nothing was changed.') };
    }
  }

  return {
    ...source,
    async run(tool, input) {
      latest += 1;
      const id = latest;
      // Only what will be asked about is planned apart.
      const asks = tool.effect === 'destroy' || tool.asks === true;
      const state = asks ? 'planning' : 'running';
      const operation: Operation = { id, tool, input, state, done: 0, messages: [], started: now() };
      set([operation, ...source.snapshot()].slice(0, kept.operations));
      const abort = new AbortController();
      flash.show(`${tool.title}: looking …`, 'busy');
      const ended = carryOut(id, tool, input, abort.signal);
      ending.set(id, { abort, ended });
      const result = await ended;
      ending.delete(id);
      const declined = !result.ok && result.error.code === 'DECLINED';
      change(id, () => ({ state: result.ok ? 'done' : declined ? 'declined' : 'failed', result }));
      if (result.ok) flash.show(firstLine(result.text), 'good');
      else if (declined) flash.show(`${tool.title}: not done, nothing was changed.`, 'warn');
      else flash.show(`${result.error.code}: ${result.error.message}`, 'bad');
      return result;
    },
    stop() {
      const [id] = [...ending.keys()].toReversed();
      if (id === undefined) return false;
      ending.get(id)?.abort.abort();
      return true;
    },
    running: () => source.snapshot().filter(({ id }) => ending.has(id)),
    async close() {
      for (const { abort } of ending.values()) abort.abort();
      await Promise.allSettled([...ending.values()].map(({ ended }) => ended));
    },
  };
}

const firstLine = (text: string): string => text.split('\n')[0]?.replace(/^context [^:]*: /, '') ?? '';
