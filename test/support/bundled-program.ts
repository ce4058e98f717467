import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundle } from '../../scripts/bundle.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the bundled program. */
    program: string;
  }
}

/** Bundles the program once for all tests that start it: they run what users run, and start in a third of the time. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'kubefoundry-program-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await bundle(folder);
  project.provide('program', join(folder, 'main.js'));
  return () => rm(folder, { recursive: true, force: true });
}
