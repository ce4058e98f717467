import { readFile } from 'node:fs/promises';
import { build, type Metafile, type Plugin } from 'esbuild';
import { builtinsByRequire, required } from './builtins.ts';

/** Bundles the program into a folder, where `main.js` starts it; or other programs made of its parts, the same way. */
export async function bundle(outdir: string, entryPoints = ['src/main.ts']): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints,
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    // Every lazy import becomes a chunk: nobody loads the sandbox or a front end without using it.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'inline',
    // React has a build of its own for production.
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [withoutDeveloperTools, builtinsByRequire, layoutWithoutFetch, oneSchemaValidator],
    metafile: true,
    // CommonJS packages inside the bundle call `require` for Node's own modules, and for no others.
    banner: { js: `const ${required}=process.getBuiltinModule,require=${required};` },
    logLevel: 'warning',
  });
  const ajv = Object.keys(metafile.inputs).find((file) => file.includes('ajvProvider'));
  if (ajv !== undefined) throw new Error(`${ajv} is in the bundle again: the SDK names its shims otherwise.`);
  return metafile;
}

/** Ink imports them only where DEV=true, from a package that is not installed. */
const withoutDeveloperTools: Plugin = {
  name: 'without-developer-tools',
  setup: ({ onLoad }) => onLoad({ filter: /ink[/\\]build[/\\]devtools\.js$/ }, () => ({ contents: '' })),
};

/** Ink's layout engine would load Node's `fetch`, 9 MB, to read its own code out of a `data:` address. */
const layoutWithoutFetch: Plugin = {
  name: 'layout-without-fetch',
  setup: ({ onLoad }) =>
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => ({
      contents: `const fetch = undefined;\n${await readFile(path, 'utf8')}`,
    })),
};

/** The SDK imports ajv, 215 kB, for a server that names no validator; ours names the one that the SDK has for workers. */
const oneSchemaValidator: Plugin = {
  name: 'one-schema-validator',
  setup: ({ onLoad }) =>
    onLoad({ filter: /@modelcontextprotocol[/\\]server[/\\]dist[/\\]shimsNode\.mjs$/ }, () => ({
      contents: `
        export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator } from './validators/cfWorker.mjs';
        export { default as process } from 'node:process';`,
    })),
};
