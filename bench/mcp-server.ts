import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { Command } from './peers.ts';

/** A running MCP server over stdio, as bare as can be, so that what is measured is the server. */
export interface McpServer {
  readonly pid: number;
  /** Calls a tool; the line that it answered. */
  call(tool: string, input: Readonly<Record<string, unknown>>): Promise<string>;
  stop(): Promise<void>;
}

const reply = z.looseObject({
  id: z.int(),
  error: z.unknown().optional(),
  result: z.looseObject({ isError: z.boolean().optional() }).optional(),
});

/**
 * Starts a server; resolves when it has answered `initialize`.
 *
 * @throws Error when the server ends, or answers with an error
 */
export async function startMcpServer({ command, args, env }: Command): Promise<McpServer> {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
  });
  const waiting = new Map<number, PromiseWithResolvers<string>>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const parsed = line.startsWith('{') ? reply.safeParse(JSON.parse(line)) : undefined;
    if (!parsed?.success) return;
    const { id, error, result } = parsed.data;
    const refused = error !== undefined || result?.isError === true;
    if (refused) waiting.get(id)?.reject(new Error(`${args.join(' ')} answered ${line.slice(0, 1000)}`));
    else waiting.get(id)?.resolve(line);
    waiting.delete(id);
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${args.join(' ')} ended with ${code}`));
  });

  let last = 0;
  const send = (message: Readonly<Record<string, unknown>>) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const request = (method: string, params: unknown): Promise<string> => {
    last += 1;
    const answered = Promise.withResolvers<string>();
    waiting.set(last, answered);
    send({ id: last, method, params });
    return answered.promise;
  };

  const clientInfo = { name: 'bench', version: '1.0.0' };
  await request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
  send({ method: 'notifications/initialized' });
  return {
    pid: child.pid ?? 0,
    call: (name, input) => request('tools/call', { name, arguments: input }),
    stop: () => endOf(child),
  };
}

/** Closing stdin ends a server; those that stay are ended. */
async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  const impatience = setTimeout(() => child.kill(), 500);
  await ended;
  clearTimeout(impatience);
}
