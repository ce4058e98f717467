import { createRequire, isBuiltin } from 'node:module';
import { relative } from 'node:path';
import { promisify } from 'node:util';
import type { Plugin } from 'esbuild';

const require = createRequire(import.meta.url);
const namespace = 'builtin';

/** `require` by a name that esbuild does not know: of its own it makes a chunk that every other one waits for. */
export const required = '_require';

/** Whose functions are called once there is something to do. They are loaded with the first call of one. */
const later: ReadonlySet<string> = new Set(['child_process', 'crypto', 'fs/promises', 'timers/promises']);

/**
 * An `import` of one of Node's own modules looks at all that it exports, before anything runs. That loads what nobody
 * uses: with `node:http` Node's `fetch`, with `node:util` worker threads, with `node:fs` its streams; 25 ms and 12 MB
 * for `node:http` alone. `require` leaves them alone.
 */
export const builtinsByRequire: Plugin = {
  name: 'builtins-by-require',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?[a-z_\d]+(\/[a-z]+)?$/ }, ({ path, kind, importer, namespace: from }) => {
      const name = path.replace('node:', '');
      const isRequired = kind === 'require-call' && later.has(name);
      if (from === namespace || !isBuiltin(name) || !(isRequired || kind === 'import-statement')) return undefined;
      // One for each file that asks for it, to be in that file's chunk: each chunk takes a part of a millisecond.
      const file = relative('.', importer).replaceAll(/\W+/g, '-');
      return { path: `${name}-for-${file}`, namespace, pluginData: { name, isRequired } };
    });
    onLoad({ filter: /./, namespace }, ({ pluginData: { name, isRequired } }) => ({
      contents: isRequired ? requiredLater(name) : exportsOf(name),
    }));
  },
};

/** All that a module exports, each by itself, so that esbuild leaves out what the file does not import. */
function exportsOf(name: string): string {
  const now = (expression: string) => `/* @__PURE__ */ (() => ${expression})()`;
  // An old Node has no such way to its modules, and must get as far as being told that it is old.
  const whole = `${required}?.('node:${name}')`;
  const lines = members(name).map(([key, isCalled]) =>
    later.has(name) && isCalled
      ? `export const ${key} = (...given) => ${whole}.${key}(...given);`
      : `export const ${key} = ${now(`${whole}.${key}`)};`,
  );
  return [...lines, `export default ${now(whole)};`].join('\n');
}

/** What a CommonJS package requires, loaded when it looks at a part of it. */
function requiredLater(name: string): string {
  const getters = members(name).map(([key]) => `get ${key}() { return ${required}('node:${name}').${key}; }`);
  return `module.exports = { ${getters.join(', ')} };`;
}

/** What it exports, and whether that is a function which is but called: no class, and with no promise of its own. */
function members(name: string): readonly (readonly [key: string, isCalled: boolean])[] {
  const module: Readonly<Record<string, unknown>> = require(`node:${name}`);
  return Object.entries(module).map(([key, value]) => [
    key,
    typeof value === 'function' && !/^[A-Z]/.test(key) && !(promisify.custom in value),
  ]);
}
