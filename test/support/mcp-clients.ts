import { Client as NewClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as NewTransport } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { program } from './program.ts';

/** The human behind a client: is shown the question, answers it. */
export type Human = (question: string) => 'accept' | 'decline' | 'cancel';

const server = (flags: readonly string[]) => ({
  command: program.command,
  args: [...program.args, 'mcp', ...flags],
  // No hub is asked: nothing listens there.
  env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', HF_ENDPOINT: 'http://127.0.0.1:9' },
  stderr: 'pipe' as const,
});

/** A client of SDK v1, which speaks 2025-11-25. Without a human it does not offer elicitation. */
export async function connect(flags: readonly string[], human?: Human): Promise<Client> {
  const client = new Client({ name: 'old-client', version: '1.0' }, { capabilities: human ? { elicitation: {} } : {} });
  if (human) {
    client.setRequestHandler(ElicitRequestSchema, (request) => answer(human(request.params.message)));
  }
  await client.connect(new StdioClientTransport(server(flags)));
  return client;
}

/** A client of SDK v2, which speaks 2026-07-28. */
export async function connectNew(flags: readonly string[], human?: Human): Promise<NewClient> {
  const client = new NewClient(
    { name: 'new-client', version: '2.0' },
    { capabilities: human ? { elicitation: { form: {} } } : {}, versionNegotiation: { mode: 'auto' } },
  );
  if (human) {
    client.setRequestHandler('elicitation/create', (request) => answer(human(request.params.message)));
  }
  await client.connect(new NewTransport(server(flags)));
  return client;
}

const answer = (action: ReturnType<Human>) => (action === 'accept' ? { action, content: {} } : { action });

/** The text of a tool's answer. */
export const textOf = (result: unknown): string => {
  const [first] = textsIn(result);
  return first ?? '';
};

function textsIn(result: unknown): readonly string[] {
  if (typeof result !== 'object' || result === null || !('content' in result) || !Array.isArray(result.content))
    return [];
  return result.content.flatMap((block: unknown) =>
    typeof block === 'object' && block !== null && 'text' in block && typeof block.text === 'string'
      ? [block.text]
      : [],
  );
}
