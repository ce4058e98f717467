import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A program that stands for helm: it answers `version`, `list` and `get values`, tells what it was started with, and fails for the release `broken`, or with everything else. */
const helmProgram = `#!/usr/bin/env node
const fs = require('node:fs');
const path = require('node:path');
const argv = process.argv.slice(2);
const home = __dirname;
const told = (name) => fs.existsSync(path.join(home, name)) ? fs.readFileSync(path.join(home, name), 'utf8') : undefined;
if (argv[0] === 'version') process.stdout.write(fs.readFileSync(path.join(home, 'version'), 'utf8'));
else if (argv[0] === 'list') process.stdout.write(told('releases') ?? '[]');
else if (argv[0] === 'get') process.stdout.write(told('values') ?? 'null');
else if (argv.includes('broken') || told('fails') !== undefined) { console.error(told('fails') || 'Error: cannot re-use a name that is still in use'); process.exit(1); }
else if (argv[0] === 'upgrade' && told('says') !== undefined) { console.error(told('says')); process.exit(1); }
else if (argv.includes('talkative')) { fs.writeSync(2, 'x'.repeat(9 * 1024 * 1024) + '\\n'); fs.writeSync(2, 'Error: the reason stands at the end\\n'); process.exit(1); }
else if (argv.includes('slow') || told('waits') !== undefined) { fs.writeFileSync(path.join(home, 'pid'), String(process.pid)); setTimeout(() => {}, 60000); }
else {
  const kubeconfig = process.env.KUBECONFIG;
  const started = { argv, env: process.env, mode: fs.statSync(kubeconfig).mode & 0o777, kubeconfig: JSON.parse(fs.readFileSync(kubeconfig, 'utf8')), values: fs.readFileSync('values.json', 'utf8') };
  fs.writeFileSync(path.join(home, 'told.json'), JSON.stringify(started));
}
`;

/**
 * Puts a program that stands for helm into a folder, for a PATH. The file `version` beside it is its version, `releases`
 * what it lists, `values` those of every release, `says` what an upgrade fails with, `fails` what all else does; with
 * `waits` it does not end, and `pid` is its process.
 */
export async function writeHelm(folder: string, { fails = false } = {}): Promise<void> {
  await writeFile(join(folder, 'helm'), helmProgram);
  await chmod(join(folder, 'helm'), 0o755);
  await writeFile(join(folder, 'version'), 'v3.20.2');
  if (fails) await writeFile(join(folder, 'fails'), '');
}
