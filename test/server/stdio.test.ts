import { describe, expect, test } from 'vitest';
import { start } from '../support/program.ts';

const noCluster = { env: { KUBECONFIG: '/nonexistent/kubeconfig' } };

const initialize = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};

/** Starts the server, sends these requests and waits for their answers; the connection stays open. */
async function talk(...requests: readonly object[]) {
  const server = start(['mcp'], noCluster);
  for (const request of requests) server.process.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...request })}\n`);
  const printed = await server.printed(new RegExp(`^(.*\\n){${requests.length}}$`));
  const answers = printed
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  return { server, answers };
}

describe('a server without any cluster', () => {
  test('answers initialize and tools/list, refuses a call, and writes nothing but the protocol', async () => {
    const call = { id: 3, method: 'tools/call', params: { name: 'list_deployments', arguments: {} } };
    const { server, answers } = await talk(initialize, { id: 2, method: 'tools/list' }, call);
    expect(answers).toEqual([
      expect.objectContaining({
        jsonrpc: '2.0',
        id: 1,
        result: expect.objectContaining({ serverInfo: expect.anything() }),
      }),
      expect.objectContaining({ jsonrpc: '2.0', id: 2, result: { tools: expect.any(Array) } }),
      expect.objectContaining({ jsonrpc: '2.0', id: 3, result: expect.objectContaining({ isError: true }) }),
    ]);
    expect(JSON.stringify(answers[2])).toContain('CLUSTER_UNREACHABLE: There is no kubeconfig');
    server.process.stdin?.end();
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
  });
});

test('a line that is no message is answered and told, and what follows is served', async () => {
  const server = start(['mcp'], noCluster);
  const lines = [
    JSON.stringify({ jsonrpc: '2.0', ...initialize }),
    'GET / HTTP/1.1 token=hf_abcdefghijklmnop',
    '',
    '{"id":7}',
  ];
  const ping = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'ping' });
  server.process.stdin?.write([...lines, ping, ''].join('\n'));
  const printed = await server.printed(/^(.*\n){4}$/);
  const answers = printed
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const refusal = (code: number) => ({ jsonrpc: '2.0', id: null, error: { code, message: expect.any(String) } });
  expect(answers).toEqual(expect.arrayContaining([refusal(-32700), refusal(-32600)]));
  expect(answers).toContainEqual({ jsonrpc: '2.0', id: 2, result: {} });
  server.process.stdin?.end();
  const { code, stderr } = await server.ended;
  expect(code).toBe(0);
  expect(stderr).toMatch(/^Parse error: not JSON: a line of stdin was ignored: GET \/ HTTP\/1\.1 token=\[redacted\]$/m);
});

describe('the end', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends the server in order', async (signal) => {
    const { server } = await talk(initialize);
    server.process.kill(signal);
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
  });
});
