import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type Answer, answerOf } from '../demo/client.ts';
import type { Call } from '../demo/named-call.ts';
import type { Foundry } from '../src/foundry/foundry.ts';
import { serverFactory } from '../src/server/server.ts';
import type { Task } from './task.ts';

/** An MCP client with its human, connected in memory to our server. */
export interface Assistant {
  /** What its human was asked so far. */
  readonly questions: readonly string[];
  call(call: Call): Promise<Answer>;
  close(): Promise<void>;
}

export async function connectAssistant(foundry: Foundry, { human, setup }: Task): Promise<Assistant> {
  const factory = serverFactory({
    version: '0.0.0',
    foundry,
    readOnly: false,
    confirmByName: setup.confirmByName,
    protects: setup.protected,
  });
  const [near, far] = InMemoryTransport.createLinkedPair();
  const server = serveStdio(factory, { transport: far });
  const client = new Client(
    { name: 'eval', version: '1.0.0' },
    { capabilities: human === 'absent' ? {} : { elicitation: {} } },
  );
  const questions: string[] = [];
  if (human !== 'absent') {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      questions.push(params.message);
      return human === 'agrees' ? { action: 'accept', content: {} } : { action: 'decline' };
    });
  }
  await client.connect(near);
  return {
    questions,
    call: async ({ tool, input }) => answerOf(await client.callTool({ name: tool, arguments: { ...input } })),
    async close() {
      await client.close();
      await server.close();
    },
  };
}
