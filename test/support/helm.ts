import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A program that stands for helm: it answers `version` and `list`, tells what it was started with, and fails for the release `broken` or always. */
const helmProgram = `#!/usr/bin/env node
const fs = require('node:fs');
const path = require('node:path');
const argv = process.argv.slice(2);
const home = __dirname;
if (argv[0] === 'version') process.stdout.write(fs.readFileSync(path.join(home, 'version'), 'utf8'));
else if (argv.includes('broken') || fs.existsSync(path.join(home, 'fails'))) { console.error('Error: cannot re-use a name that is still in use'); process.exit(1); }
else if (argv[0] === 'upgrade' && fs.existsSync(path.join(home, 'says'))) { console.error(fs.readFileSync(path.join(home, 'says'), 'utf8')); process.exit(1); }
else if (argv.includes('talkative')) { fs.writeSync(2, 'x'.repeat(9 * 1024 * 1024) + '\\n'); fs.writeSync(2, 'Error: the reason stands at the end\\n'); process.exit(1); }
else if (argv[0] === 'list') process.stdout.write(fs.existsSync(path.join(home, 'releases')) ? fs.readFileSync(path.join(home, 'releases'), 'utf8') : '[]');
else if (argv.includes('slow') || fs.existsSync(path.join(home, 'waits'))) { fs.writeFileSync(path.join(home, 'pid'), String(process.pid)); setTimeout(() => {}, 60000); }
else {
  const kubeconfig = process.env.KUBECONFIG;
  const told = { argv, env: process.env, mode: fs.statSync(kubeconfig).mode & 0o777, kubeconfig: JSON.parse(fs.readFileSync(kubeconfig, 'utf8')), values: fs.readFileSync('values.json', 'utf8') };
  fs.writeFileSync(path.join(home, 'told.json'), JSON.stringify(told));
}
`;

/** Puts a program that stands for helm into a folder, for a PATH. The file `version` beside it is its version, `releases` what it lists, `says` what an upgrade fails with; with `waits` it does not end, and `pid` is its process. */
export async function writeHelm(folder: string, { fails = false } = {}): Promise<void> {
  await writeFile(join(folder, 'helm'), helmProgram);
  await chmod(join(folder, 'helm'), 0o755);
  await writeFile(join(folder, 'version'), 'v3.20.2');
  if (fails) await writeFile(join(folder, 'fails'), '');
}
