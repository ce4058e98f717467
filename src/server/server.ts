import { McpServer, type McpServerFactory, type StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/server/validators/cf-worker';
import * as z from 'zod';
import type { Foundry } from '../foundry/foundry.ts';
import { entriesAt } from '../kubernetes.ts';
import { advertisedInput, annotationsOf, tools } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import { instructions } from './instructions.ts';
import { registerPrompts } from './prompts/register.ts';
import { createQuestions } from './questions.ts';
import { createFollower, type Follower } from './resources/following.ts';
import { registerResources } from './resources/register.ts';
import { answerToolCall } from './tool-call.ts';

export interface ServerSetup {
  readonly version: string;
  readonly foundry: Foundry;
  /** Only tools that read are registered; the cluster door refuses writes as well. */
  readonly readOnly: boolean;
  /** `--confirm=name`: tools that ask accept `confirm: "<name>"` where the client cannot ask a human. */
  readonly confirmByName: boolean;
  /** Whether there are protected contexts, in which everything that writes asks. */
  readonly protects: boolean;
}

type JsonSchema = Record<string, unknown>;

const staticList = { ttlMs: 300_000, cacheScope: 'public' } as const;

/** The factory of MCP servers, one per connection, for both protocol eras. Cheap, opens nothing. */
export function serverFactory(
  setup: ServerSetup,
  follower: Follower = createFollower(setup.foundry),
): McpServerFactory {
  const questions = createQuestions();
  const offered = tools
    .filter((tool) => tool.effect === 'read' || !setup.readOnly)
    .map((tool) => ({
      tool,
      input: advertise(() => inputSchema(tool, setup)),
      output: advertise(() => z.toJSONSchema(tool.output, { io: 'output' })),
    }));

  return () => {
    const server = new McpServer(
      { name: 'kubefoundry', title: 'KubeFoundry', version: setup.version },
      {
        instructions,
        capabilities: {
          tools: { listChanged: false },
          prompts: { listChanged: false },
          resources: { subscribe: true, listChanged: false },
        },
        requestState: { verify: questions.verify },
        // For the answers to forms; ours have no fields. The bundle leaves out the other one, which is seven times as large.
        jsonSchemaValidator: new CfWorkerJsonSchemaValidator(),
        cacheHints: {
          'tools/list': staticList,
          'prompts/list': staticList,
          'resources/list': staticList,
          'resources/templates/list': staticList,
          'server/discover': staticList,
        },
      },
    );
    const options = { server, questions, foundry: setup.foundry, confirmByName: setup.confirmByName };
    for (const { tool, input, output } of offered) {
      server.registerTool(
        tool.name,
        {
          title: tool.title,
          description: tool.description,
          inputSchema: input,
          outputSchema: output,
          annotations: annotationsOf(tool),
        },
        (raw, context) => answerToolCall(tool, raw, context, options),
      );
    }
    registerPrompts(server, setup.foundry);
    registerResources(server, { foundry: setup.foundry, follower });
    return server;
  };
}

/**
 * Advertises a schema and lets every value through: `tools/call.ts` is the one boundary that judges, with our codes.
 * The schema is made when it is first listed: `initialize` needs none.
 */
function advertise(make: () => JsonSchema): StandardSchemaWithJSON {
  let made: JsonSchema | undefined;
  const schema = () => {
    made ??= make();
    return made;
  };
  return {
    '~standard': {
      version: 1,
      vendor: 'kubefoundry',
      validate: (value) => ({ value }),
      jsonSchema: { input: schema, output: schema },
    },
  };
}

function inputSchema(tool: Tool, setup: ServerSetup): JsonSchema {
  const schema = advertisedInput(tool);
  const asks = tool.effect === 'destroy' || tool.asks === true || (setup.protects && tool.effect !== 'read');
  if (!setup.confirmByName || !asks) return schema;
  const confirm = { type: 'string', description: 'the name again, once the user has agreed to the plan' };
  return { ...schema, properties: { ...Object.fromEntries(entriesAt(schema, 'properties')), confirm } };
}
