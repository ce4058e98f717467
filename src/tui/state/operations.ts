import { FoundryError } from '../../errors.ts';
import type { Foundry } from '../../foundry/foundry.ts';
import type { Plan } from '../../foundry/plan.ts';
import { type Ask, type CallResult, callTool } from '../../tools/call.ts';
import type { Tool } from '../../tools/tool.ts';
import { keyOf } from '../keys/table.ts';
import { type Confirmation, confirmationQuestion } from './confirmation.ts';
import type { Dialogs } from './dialogs.ts';
import type { Flash } from './flash.ts';
import { type Share, sharedQuestion } from './shared-question.ts';
import { createCell, type Source } from './source.ts';
import { type AsCommands, worded } from './worded.ts';

/** A tool that was called here. */
export interface Operation {
  readonly id: number;
  /** The same for all that were called together. */
  readonly batch: number;
  readonly tool: Tool;
  readonly input: Readonly<Record<string, unknown>>;
  /** `declined`: nothing was changed; `stopped`: some of it was, as its result tells. */
  readonly state: 'planning' | 'asking' | 'running' | 'done' | 'failed' | 'declined' | 'stopped';
  /** What a human approved, or was asked to. */
  readonly plan?: Plan;
  /** Steps done so far. */
  readonly done: number;
  /** What was told on the way, the latest last. */
  readonly messages: readonly string[];
  readonly result?: CallResult;
  readonly started: Date;
}

/** Whether it has not ended. */
export const isGoing = ({ state }: Operation): boolean =>
  state === 'planning' || state === 'asking' || state === 'running';

/** Calls of tools, the latest first. They go on whatever screen is shown. */
export interface Operations extends Source<readonly Operation[]> {
  /** Plans, asks, runs; tells in the flash line how it went. What is to be known beside the plan is said in the question. */
  run(tool: Tool, input: Operation['input'], note?: string): Promise<CallResult>;
  /** The same for several inputs in one context, at the same time: one question lists the plans of all. */
  runAll(tool: Tool, inputs: readonly Operation['input'][], note?: string): Promise<readonly CallResult[]>;
  /** Stops the latest that still runs, with all that were called together with it. False = nothing runs. */
  stop(): boolean;
  running(): readonly Operation[];
  /** Ends everything and waits until it has ended; tells what was broken off, and how to go on. */
  close(): Promise<readonly string[]>;
}

export interface OperationServices {
  readonly foundry: Foundry;
  readonly caller: string;
  readonly asCommands: AsCommands;
  readonly dialogs: Dialogs;
  readonly flash: Flash;
  readonly now: () => Date;
}

/** Messages and operations that are kept; an operation that goes on is kept whatever comes after it. */
const kept = { messages: 200, operations: 50 } as const;

export function createOperations(services: OperationServices): Operations {
  const { foundry, caller, asCommands, dialogs, flash, now } = services;
  const { set, ...source } = createCell<readonly Operation[]>([]);
  const ending = new Map<number, { readonly abort: AbortController; readonly ended: Promise<CallResult> }>();
  let latest = 0;

  function change(id: number, next: (operation: Operation) => Partial<Operation>): void {
    set(source.snapshot().map((one) => (one.id === id ? { ...one, ...next(one) } : one)));
  }

  async function carryOut(
    { id, tool, input }: Operation,
    { ask: approve, end }: Share<Confirmation>,
    signal: AbortSignal,
  ): Promise<CallResult> {
    const ask: Ask = async ({ plan, context, subject }) => {
      change(id, () => ({ state: 'asking', plan }));
      const yes = await approve({ plan, context, subject, input });
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
      const result = await callTool(tool, input, { context: { foundry, caller, progress }, signal, ask });
      const where = typeof input.context === 'string' ? input.context : undefined;
      return worded(result, (text) => asCommands(text, tool, { context: where }));
    } catch {
      // Only a call that was cancelled before it changed anything ends like this.
      const sentence = `${tool.title}: stopped before anything was changed.`;
      return { ok: false, error: new FoundryError('DECLINED', sentence, 'Start it again when it is wanted.') };
    } finally {
      end();
    }
  }

  function runAll(tool: Tool, inputs: readonly Operation['input'][], note?: string): Promise<readonly CallResult[]> {
    const abort = new AbortController();
    const batch = latest + 1;
    const { signal } = abort;
    const shares = sharedQuestion<Confirmation>(inputs.length, async (confirmations) => {
      // What was stopped meanwhile is not asked about any more.
      if (signal.aborted) return false;
      flash.clear();
      return dialogs.ask(confirmationQuestion(tool, confirmations, foundry.protects, note), signal);
    });
    // Only what will be asked about is planned apart.
    const asks = tool.effect === 'destroy' || tool.asks === true;
    flash.show(`${tool.title}: looking …`, 'busy');
    return Promise.all(
      shares.map(async (share, index) => {
        latest += 1;
        const operation: Operation = {
          id: latest,
          batch,
          tool,
          input: inputs[index] ?? {},
          state: asks ? 'planning' : 'running',
          done: 0,
          messages: [],
          started: now(),
        };
        const { id } = operation;
        set([operation, ...source.snapshot()].filter((one, place) => place < kept.operations || isGoing(one)));
        const ended = carryOut(operation, share, signal);
        ending.set(id, { abort, ended });
        const result = await ended;
        ending.delete(id);
        change(id, () => ({ state: endOf(result), result }));
        return result;
      }),
    );
  }

  return {
    ...source,
    async run(tool, input, note) {
      const [result] = await runAll(tool, [input], note);
      if (!result) throw new Error('one call has one result');
      tell(tool, result, { flash, more: tellsMore });
      return result;
    },
    async runAll(tool, inputs, note) {
      const results = await runAll(tool, inputs, note);
      const failed =
        results.find((result) => !result.ok && !isDeclined(result)) ??
        results.find((result) => !result.ok && hasBegun(result)) ??
        results.find(({ ok }) => !ok);
      const done = results.filter(({ ok }) => ok).length;
      const more = failed === results.at(-1) ? tellsMore : undefined;
      if (failed === undefined) flash.show(`${tool.title}: all ${done} done.`, 'good');
      else if (done === 0) tell(tool, failed, { flash, more });
      else if (!failed.ok) flash.show(`${done} of ${results.length} done. ${errorWords(failed)}`, 'bad', more);
      return results;
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
      const results = await Promise.all([...ending.values()].map(({ ended }) => ended));
      return results.flatMap((result) => (result.ok || !hasBegun(result) ? [] : wholeWords(result)));
    },
  };
}

type Refusal = Extract<CallResult, { ok: false }>;

const isDeclined = (result: CallResult): boolean => !result.ok && result.error.code === 'DECLINED';

const endOf = (result: CallResult): Operation['state'] => {
  if (result.ok) return 'done';
  if (!isDeclined(result)) return 'failed';
  return hasBegun(result) ? 'stopped' : 'declined';
};

const wholeWords = ({ error }: Refusal): string => `${error.message} ${error.hint}`;

const errorWords = ({ error }: Refusal): string => `${error.code}: ${error.message}`;

/** Whether what was stopped had been on its way: it tells itself how far it came. */
const hasBegun = ({ error }: Refusal): boolean => error.details.begun === true;

const declinedWords = (result: Refusal): string =>
  hasBegun(result) ? result.error.message : 'not done, nothing was changed.';

/** Says in the flash line what came of a call. */
function tell(
  tool: Tool,
  result: CallResult,
  { flash, more }: { readonly flash: Flash; readonly more: string | undefined },
): void {
  if (result.ok) flash.show(firstLine(result.text), 'good');
  else if (isDeclined(result))
    flash.show(`${tool.title}: ${declinedWords(result)}`, 'warn', hasBegun(result) ? more : undefined);
  else flash.show(errorWords(result), 'bad', more);
}

/** What came of the last call stands there whole, with the next step. */
const tellsMore = `${keyOf('app.command')} tells more`;

const firstLine = (text: string): string => text.split('\n')[0]?.replace(/^context [^:]*: /, '') ?? '';
