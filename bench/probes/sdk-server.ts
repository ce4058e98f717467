import { keepCompiledCode } from '../../src/cli/compile-cache.ts';
import { compileLater } from '../../src/cli/compilers.ts';
import { holdMemoryAtRest } from '../../src/cli/memory.ts';

/**
 * The least that a server on the MCP SDK can be: one tool, which asks the API server once, and nothing else.
 * Argument: the kubeconfig.
 */
compileLater();
keepCompiledCode();
await import('../../src/cli/interpreted-schemas.ts');
const { McpServer } = await import('@modelcontextprotocol/server');
const { serveStdio, StdioServerTransport } = await import('@modelcontextprotocol/server/stdio');
const z = await import('zod');
const { readFile } = await import('node:fs/promises');

const ask = async (): Promise<number> => {
  const { get } = await import('node:https');
  const address = /server: *(\S+)/.exec(await readFile(process.argv[2] ?? '', 'utf8'))?.[1];
  return new Promise((resolve, reject) => {
    const request = get(`${address}/version`, { rejectUnauthorized: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject);
  });
};

const create = () => {
  const server = new McpServer({ name: 'sdk-alone', version: '1.0.0' }, { capabilities: { tools: {} } });
  const inputSchema = z.object({});
  server.registerTool('ask', { description: 'Asks the API server.', inputSchema }, async () => ({
    content: [{ type: 'text', text: String(await ask()) }],
  }));
  return server;
};
serveStdio(create, { transport: new StdioServerTransport() });
holdMemoryAtRest()(true);
