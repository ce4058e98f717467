import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The demo's whole output, with colours off. */
export async function demo(failure: string, ...more: readonly string[]): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    ['--import', 'tsx', 'demo/main.ts', '--failure', failure, '--speed', '60', ...more],
    {
      env: { ...process.env, NO_COLOR: '1' },
    },
  );
  return stdout;
}
