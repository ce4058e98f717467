import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { program, startNode } from '../support/program.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubefoundry-start-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The program, after a script that sees or changes what it starts on. */
async function startAfter(script: string, ...args: readonly string[]) {
  const file = join(folder, 'before.mjs');
  await writeFile(file, script);
  return startNode(['--import', pathToFileURL(file).href, ...program.args, ...args]);
}

test('an old Node is told that it is old, though it lacks what the program begins with', async () => {
  const old = `
    delete process.getBuiltinModule;
    Object.defineProperty(process.versions, 'node', { value: '18.20.8' });`;
  const { ended } = await startAfter(old, '--version');
  expect(await ended).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'kubefoundry needs Node.js 22.19 or newer; this is 18.20.8.\n',
  });
});

test('a server that was greeted has loaded nothing of Node’s that only calls need', async () => {
  const list = join(folder, 'loaded.txt');
  const observe = `process.on('exit', () => {
    process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(list)}, process.moduleLoadList.join('\\n'));
  });`;
  const server = await startAfter(observe, 'mcp', '--kubeconfig', join(folder, 'none'));
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  server.process.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
  await server.printed(/"serverInfo"/);
  server.process.stdin?.end();
  await server.ended;
  const loaded = await readFile(list, 'utf8');
  expect(loaded).toMatch(/ net$/m);
  expect(loaded).not.toMatch(
    / (crypto|child_process|worker_threads|https?|tls|fs\/promises|internal\/deps\/undici.*)$/m,
  );
});
