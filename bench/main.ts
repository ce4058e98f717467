import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '../scripts/bundle.ts';
import { measureOf } from './measure.ts';
import { installPeers } from './peers.ts';
import { pageOf, type Report, reportOf } from './report.ts';
import { rows } from './rows/registry.ts';
import { type Bench, probeNames } from './rows/row.ts';

const usage = `npm run bench -- [row…] [--quick] [-o json|table]
Prints a table on stderr and JSON on stdout, or the table alone on stdout. Rows: ${rows.map(({ name }) => name).join(', ')}.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, output: { type: 'string', short: 'o', default: 'json' } },
});
const chosen = rows.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (positionals.some((name) => !rows.some((row) => row.name === name)) || !['json', 'table'].includes(values.output)) {
  console.error(usage);
  process.exit(2);
}

const report = await run(values.quick);
if (values.output === 'json') console.log(JSON.stringify(report, undefined, 2));
console[values.output === 'table' ? 'log' : 'error'](pageOf(report));

async function run(quick: boolean): Promise<Report> {
  if (chosen.some(({ alone }) => alone !== true)) await installPeers();
  const folder = await mkdtemp(join(tmpdir(), 'kubefoundry-bench-'));
  try {
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await bundle(join(folder, 'program'));
    const sources = probeNames.map((name) => `bench/probes/${name}.ts`);
    await bundle(join(folder, 'probes'), sources);
    const started = (file: string, ...args: readonly string[]) => ({
      command: process.execPath,
      args: [join(folder, file), ...args],
      env: { XDG_CACHE_HOME: folder },
    });
    const bench: Bench = {
      quick,
      server: (kubeconfig) => started('program/main.js', 'mcp', '--kubeconfig', kubeconfig),
      dashboard: (kubeconfig) => started('program/main.js', 'tui', '--kubeconfig', kubeconfig),
      probe: (name, ...args) => started(`probes/${name}.js`, ...args),
    };
    const measures: Report['measures'][number][] = [];
    for (const row of chosen) {
      console.error(`${row.name} …`);
      for (const figures of await row.run(bench)) measures.push({ row: row.name, ...measureOf(figures) });
    }
    return reportOf({ quick, how: Object.fromEntries(chosen.map(({ name, how }) => [name, how])), measures });
  } finally {
    await rm(folder, { recursive: true });
  }
}
