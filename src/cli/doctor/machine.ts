import { type Check, ok, warning } from './check.ts';

/** What the machine gives: Node (older ones end before they get here) and the terminal. */
export function machineChecks(): readonly Check[] {
  return [ok('Node.js', process.versions.node), terminal()];
}

function terminal(): Check {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    return warning('terminal', 'none: nobody can be asked before something is changed', 'Pass --yes in scripts.');
  }
  const { columns = 80, rows = 24 } = process.stdout;
  return ok(
    'terminal',
    `${columns}×${rows}, ${2 ** (process.stdout.isTTY ? process.stdout.getColorDepth() : 1)} colours`,
  );
}
