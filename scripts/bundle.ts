import { readFile } from 'node:fs/promises';
import { build, type Metafile, type Plugin } from 'esbuild';

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
    plugins: [withoutDeveloperTools, builtinsByRequire, layoutWithoutFetch],
    metafile: true,
    // CommonJS packages inside the bundle call require for Node's own modules.
    banner: {
      js: "import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return metafile;
}

/** Ink imports them only where DEV=true, from a package that is not installed. */
const withoutDeveloperTools: Plugin = {
  name: 'without-developer-tools',
  setup: ({ onLoad }) => onLoad({ filter: /ink[/\\]build[/\\]devtools\.js$/ }, () => ({ contents: '' })),
};

/** What these export includes much that loads when it is looked at: Node's `fetch`, all root certificates, workers. */
const burdened = /^(node:)?(http|process|tls|util)$/;

/**
 * An `import` of one of Node's own modules looks at all that it exports, before anything runs: of `node:http` that takes
 * 25 ms and 12 MB. `require` leaves alone what nobody uses.
 */
const builtinsByRequire: Plugin = {
  name: 'builtins-by-require',
  setup({ onResolve, onLoad }) {
    const namespace = 'builtin';
    onResolve({ filter: burdened }, ({ path, kind }) =>
      kind === 'require-call' ? undefined : { path: path.replace('node:', ''), namespace },
    );
    onLoad({ filter: /./, namespace }, ({ path }) => ({ contents: `module.exports = require('node:${path}')` }));
  },
};

/** Ink's layout engine would load Node's `fetch`, 9 MB, to read its own code out of a `data:` address. */
const layoutWithoutFetch: Plugin = {
  name: 'layout-without-fetch',
  setup: ({ onLoad }) =>
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => ({
      contents: `const fetch = undefined;\n${await readFile(path, 'utf8')}`,
    })),
};
