import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';

const textContent = z.array(z.looseObject({ type: z.literal('text'), text: z.string() }));

/** A tool's answer as an assistant sees it. */
export interface Answer {
  readonly text: string;
  readonly data: unknown;
  readonly refused: boolean;
}

/** What an assistant sees of a `tools/call` result. */
export function answerOf(result: Awaited<ReturnType<Client['callTool']>>): Answer {
  const parts = textContent.parse(result.content).map((part) => part.text);
  return { text: parts.join('\n'), data: result.structuredContent, refused: result.isError === true };
}

export interface Assistant {
  call(tool: string, input: Readonly<Record<string, unknown>>): Promise<Answer>;
  close(): Promise<void>;
}

export interface AssistantOptions {
  /** Arguments of the program, after `kubefoundry`. */
  readonly program: readonly string[];
  /** What the server asks a human; the demo's human reads it and agrees. */
  readonly onQuestion: (message: string) => void;
  readonly onProgress: (message: string) => void;
}

/** Starts `kubefoundry mcp` as a process of its own and connects to it with the v1 SDK, as a desktop assistant does. */
export async function connectAssistant(options: AssistantOptions): Promise<Assistant> {
  const client = new Client({ name: 'demo', version: '1.0.0' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    options.onQuestion(params.message);
    return { action: 'accept', content: {} };
  });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['--import', 'tsx', fileURLToPath(new URL('../src/main.ts', import.meta.url)), ...options.program],
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      stderr: 'inherit',
    }),
  );
  return {
    async call(name, input) {
      const calling = client.callTool({ name, arguments: input }, undefined, {
        timeout: 120_000,
        resetTimeoutOnProgress: true,
        onprogress: ({ message }) => message !== undefined && options.onProgress(message),
      });
      return answerOf(await calling);
    },
    close: () => client.close(),
  };
}
