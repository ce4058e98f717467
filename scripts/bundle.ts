import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

/** Bundles the program into a folder, where `main.js` starts it; or other programs made of its parts, the same way. */
export async function bundle(outdir: string, entryPoints = ['src/main.ts']): Promise<Metafile> {
  const { metafile, outputFiles } = await build({
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
    plugins: [withoutDeveloperTools, layoutWithoutFetch],
    metafile: true,
    write: false,
    // What calls require for Node's own modules: CommonJS packages, and `builtinsByRequire`.
    banner: {
      js: "import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  for (const { path, text } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, builtinsByRequire(text));
  }
  return metafile;
}

/** Ink imports them only where DEV=true, from a package that is not installed. */
const withoutDeveloperTools: Plugin = {
  name: 'without-developer-tools',
  setup: ({ onLoad }) => onLoad({ filter: /ink[/\\]build[/\\]devtools\.js$/ }, () => ({ contents: '' })),
};

const ofBuiltin = /\bimport(?: ?(?:\*as )?([\w$]+))?,?(?:\{([^{}]*)\}| )from"([\w:/]+)";/g;

/**
 * An `import` of one of Node's own modules looks at all that it exports, before anything runs: of `node:http` that loads
 * Node's `fetch`, 25 ms and 12 MB. `require` leaves alone what nobody uses.
 */
const builtinsByRequire = (code: string): string =>
  code.replaceAll(ofBuiltin, (statement, whole: string | undefined, names: string | undefined, id: string) => {
    const bound = [whole, names && `{${names.replaceAll(' as ', ':')}}`].filter((target) => target !== undefined);
    return isBuiltin(id) ? `const ${bound.map((target) => `${target}=require("${id}")`).join(',')};` : statement;
  });

/** Ink's layout engine would load Node's `fetch`, 9 MB, to read its own code out of a `data:` address. */
const layoutWithoutFetch: Plugin = {
  name: 'layout-without-fetch',
  setup: ({ onLoad }) =>
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => ({
      contents: `const fetch = undefined;\n${await readFile(path, 'utf8')}`,
    })),
};
