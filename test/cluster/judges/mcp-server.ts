import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubernetesMcpServer } from '../../support/kubernetes-mcp-server.ts';
import { textOf } from '../../support/mcp-clients.ts';
import { normalised } from './normalised.ts';
import { environmentOf } from './outcome.ts';
import type { Side, Worlds } from './worlds.ts';

/** A call of one of its tools, all of which read. */
interface ReadCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly fails?: true;
  /** The order of its lines follows from generated names or from moments. */
  readonly unordered?: true;
}

const calls: readonly ReadCall[] = [
  { tool: 'namespaces_list', input: {} },
  { tool: 'events_list', input: { namespace: 'market' }, unordered: true },
  { tool: 'pods_list', input: {} },
  { tool: 'pods_list', input: { labelSelector: 'app=store' } },
  { tool: 'pods_list_in_namespace', input: { namespace: 'market', fieldSelector: 'status.phase=Running' } },
  { tool: 'pods_get', input: { namespace: 'market', name: 'nobody' }, fails: true },
  { tool: 'pods_get', input: { namespace: 'market', name: 'store' } },
  { tool: 'pods_top', input: {}, fails: true },
  { tool: 'nodes_top', input: {}, fails: true },
  { tool: 'resources_list', input: { apiVersion: 'apps/v1', kind: 'Deployment' } },
  { tool: 'resources_list', input: { apiVersion: 'v1', kind: 'Node' } },
  { tool: 'resources_list', input: { apiVersion: 'example.com/v1', kind: 'Lamp', namespace: 'market' } },
  { tool: 'resources_list', input: { apiVersion: 'example.com/v1', kind: 'Nothing' }, fails: true },
  { tool: 'resources_get', input: { apiVersion: 'v1', kind: 'Node', name: 'gpu-l4-0' } },
  { tool: 'resources_get', input: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'store', namespace: 'market' } },
  { tool: 'resources_get', input: { apiVersion: 'v1', kind: 'ConfigMap', name: 'store', namespace: 'market' } },
  { tool: 'helm_list', input: { all_namespaces: true } },
];

async function connect(worlds: Worlds, side: Side): Promise<Client> {
  const client = new Client({ name: 'judge', version: '1.0' });
  const args = ['--toolsets', 'core,helm', '--read-only'];
  const env = await environmentOf(worlds, side);
  await client.connect(new StdioClientTransport({ command: await kubernetesMcpServer(), args, env, stderr: 'ignore' }));
  return client;
}

/** The read tools of another MCP server, which uses client-go as kubectl does, but typed informers and no tables. */
export function describeMcpServer(given: () => Worlds): void {
  describe('kubernetes-mcp-server', () => {
    let clients: Readonly<Record<Side, Client>>;
    beforeAll(async () => {
      const [sandbox, real] = await Promise.all([connect(given(), 'sandbox'), connect(given(), 'real')]);
      clients = { sandbox, real };
    });
    afterAll(async () => {
      await clients?.sandbox.close();
      await clients?.real.close();
    });

    it.each(calls)('$tool $input', async ({ tool, input, fails = false, unordered }) => {
      const answerOf = async (client: Client) => {
        const result = await client.callTool({ name: tool, arguments: { ...input } });
        const lines = normalised(textOf(result)).split('\n');
        return { isError: result.isError === true, lines: unordered ? lines.toSorted() : lines };
      };
      const [sandbox, real] = await Promise.all([answerOf(clients.sandbox), answerOf(clients.real)]);
      expect(sandbox).toEqual(real);
      expect(real.isError).toBe(fails);
    });
  });
}
