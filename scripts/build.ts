import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundle } from './bundle.ts';

const outdir = 'dist';

await rm(outdir, { recursive: true, force: true });
const metafile = await bundle(outdir);
await chmod(join(outdir, 'main.js'), 0o755);
await writeFile(join(outdir, 'licenses.txt'), await licenses(bundledPackages(metafile)));

const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`${outdir}: ${Object.keys(metafile.outputs).length} files, ${Math.round(bytes / 1024)} KiB`);

/** Folders of the packages whose code is in the bundle, in order. */
function bundledPackages(meta: Metafile): readonly string[] {
  const folders = Object.keys(meta.inputs).flatMap((input) => {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    return found === undefined ? [] : [found];
  });
  return [...new Set(folders)].sort();
}

/** Their licences ask that the text goes with every copy. */
async function licenses(folders: readonly string[]): Promise<string> {
  const sections = folders.map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  return (await Promise.all(sections)).join(`\n${'-'.repeat(80)}\n\n`);
}
