import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { normalised } from './normalised.ts';
import type { Side, Worlds } from './worlds.ts';

const deadlineMilliseconds = 30_000;

/** How a program ended and what it said, a line each, without what differs between any two clusters. */
export interface Outcome {
  readonly exitCode: number | string | null | undefined;
  /** Lines of its standard output, then those of its standard error with `! ` before them. */
  readonly lines: readonly string[];
}

/** The environment in which a program finds this cluster, with a home of its own in which it may cache what it learns. */
export async function environmentOf(worlds: Worlds, side: Side): Promise<Record<string, string>> {
  const home = join(worlds.folder, side);
  await mkdir(home, { recursive: true });
  return { PATH: process.env.PATH ?? '', HOME: home, KUBECONFIG: worlds[side] };
}

/** Runs a program in the worlds' folder, on one of them. */
export async function run(worlds: Worlds, side: Side, program: string, argv: readonly string[]): Promise<Outcome> {
  const env = await environmentOf(worlds, side);
  return new Promise((resolve) => {
    execFile(program, argv, { cwd: worlds.folder, env, timeout: deadlineMilliseconds }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : (error.code ?? error.signal);
      const errors = linesOf(stderr).map((line) => `! ${line}`);
      resolve({ exitCode, lines: [...linesOf(stdout), ...errors] });
    });
  });
}

const linesOf = (text: string): readonly string[] =>
  normalised(text)
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
