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
    plugins: [withoutDeveloperTools],
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
