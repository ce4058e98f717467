import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { onTestFinished } from 'vitest';
import * as z from 'zod';
import { openCluster } from '../../src/cluster/open.ts';
import { createFoundry, type Foundry, type Installer } from '../../src/foundry/foundry.ts';
import { serverFactory } from '../../src/server/server.ts';
import type { Tool } from '../../src/tools/tool.ts';
import type { World } from './world.ts';

export interface AssistantOptions {
  /** Default: the administrator's. */
  readonly kubeconfig?: string;
  /** Default: the world's own. */
  readonly installer?: Installer;
  /** What its human says to every question; `absent`: the client cannot ask anybody. Default `accept`. */
  readonly human?: 'accept' | 'decline' | 'absent';
  /** Runs while its human thinks about the first question. */
  readonly meanwhile?: () => Promise<void>;
  /** The door refuses writes although the tools are offered, as on the command line. */
  readonly readOnly?: boolean;
  readonly namespaces?: readonly string[];
  /** Told every answer, with the tool that gave it. */
  readonly overheard?: (tool: string, answer: Answer) => void;
}

/** A tool's answer as the assistant sees it. */
export interface Answer {
  /** Of a refusal; undefined when the call worked. */
  readonly code: string | undefined;
  readonly text: string;
  readonly data: unknown;
}

export interface Assistant {
  readonly foundry: Foundry;
  /** What its human was asked so far. */
  readonly questions: readonly string[];
  /** Calls with whatever input; never throws for a refusal. */
  send(tool: string, input: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<Answer>;
  /** Calls a tool that has to work, and gives its data. Throws the text of a refusal. */
  call<In extends z.ZodObject, Out extends z.ZodObject>(
    tool: Tool<In, Out>,
    input: z.input<In>,
  ): Promise<z.output<Out>>;
}

const textContent = z.array(z.looseObject({ type: z.literal('text'), text: z.string() }));

/** The v1 SDK's client, connected in memory to our server over a foundry of its own, until the test ends. */
export async function connectAssistant(
  world: Pick<World, 'kubeconfig' | 'installer'>,
  options: AssistantOptions = {},
): Promise<Assistant> {
  const { kubeconfig = world.kubeconfig, installer = world.installer, human = 'accept' } = options;
  const { meanwhile, readOnly, namespaces, overheard } = options;
  const foundry = createFoundry({
    open: (context) =>
      openCluster({ kubeconfig: [kubeconfig], context, readOnly, namespaces, environment: process.env }),
    installer,
    protect: [],
  });
  const factory = serverFactory({
    version: '0.0.0',
    foundry,
    readOnly: false,
    confirmByName: false,
    protects: false,
  });
  const [near, far] = InMemoryTransport.createLinkedPair();
  const handle = serveStdio(factory, { transport: far });
  const client = new Client(
    { name: 'contract', version: '1.0.0' },
    { capabilities: human === 'absent' ? {} : { elicitation: {} } },
  );
  const questions: string[] = [];
  if (human !== 'absent') {
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      questions.push(params.message);
      if (questions.length === 1) await meanwhile?.();
      return { action: human, content: {} };
    });
  }
  await client.connect(near);
  onTestFinished(async () => {
    await client.close();
    await handle.close();
    foundry.close();
  });

  const send: Assistant['send'] = async (name, input, signal) => {
    const result = await client.callTool({ name, arguments: input }, undefined, { signal });
    const text = textContent
      .parse(result.content)
      .map((part) => part.text)
      .join('\n');
    const code = result.isError === true ? (/^([A-Z_]+): /.exec(text)?.[1] ?? text) : undefined;
    const answer = { code, text, data: result.structuredContent };
    overheard?.(name, answer);
    return answer;
  };

  return {
    foundry,
    questions,
    send,
    async call(tool, input) {
      const { code, text, data } = await send(tool.name, input);
      if (code !== undefined) throw new Error(text);
      return tool.output.parse(data);
    },
  };
}
