import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { vi } from 'vitest';
import { normalised } from './normalised.ts';
import { environmentOf } from './outcome.ts';
import type { Side, Worlds } from './worlds.ts';

const deadlineMilliseconds = 20_000;

/** A program that goes on until it is told to end, such as one that watches. */
export interface Running {
  /** What it has said so far on standard output, a line each, without what differs between any two clusters. */
  readonly lines: readonly string[];
  /** Resolves when it has said something that matches. */
  says(pattern: RegExp): Promise<void>;
  /** Its exit code, once it ends by itself. */
  readonly ended: Promise<number | null>;
  kill(): void;
}

/** Starts a program in the worlds' folder, on one of them. */
export async function start(worlds: Worlds, side: Side, program: string, argv: readonly string[]): Promise<Running> {
  const env = await environmentOf(worlds, side);
  const child = spawn(program, argv, { cwd: worlds.folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return {
    get lines() {
      return normalised(text).trimEnd().split('\n');
    },
    says: (pattern) =>
      vi.waitFor(
        () => {
          if (!pattern.test(normalised(text))) throw new Error(`${argv.join(' ')} has only said: ${text}`);
        },
        { timeout: deadlineMilliseconds },
      ),
    ended: once(child, 'close').then(() => child.exitCode),
    kill: () => void child.kill(),
  };
}
