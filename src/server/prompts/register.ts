import { completable, type McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Foundry } from '../../foundry/foundry.ts';
import { runtimeIds } from '../../foundry/spec.ts';
import { completions } from '../completions.ts';
import { deployAModel } from './deploy-a-model.ts';
import { freeSomeGpus } from './free-some-gpus.ts';
import { type Prompt, readFacts } from './prompt.ts';
import { whyIsItNotReady } from './why-is-it-not-ready.ts';

/** The prompts of one connection, in the order in which clients list them. */
export function registerPrompts(server: McpServer, foundry: Foundry): void {
  const complete = completions(foundry);
  const { name, namespace, runtime } = whyIsItNotReady.input.shape;
  // Clones: the SDK marks what it is given, and every connection has its own.
  const completed = z.object({
    name: completable(name.clone(), complete.name),
    namespace: completable(namespace.clone(), (value, known) => complete.namespace(value ?? '', known)),
    runtime: completable(runtime.clone(), (value) => runtimeIds.filter((id) => id.startsWith(value ?? ''))),
  });
  const prompts: readonly Prompt[] = [deployAModel, { ...whyIsItNotReady, input: completed }, freeSomeGpus];
  for (const { name: called, title, description, input, message } of prompts) {
    server.registerPrompt(called, { title, description, argsSchema: input }, async (given, { mcpReq }) => {
      const text = await message(given, readFacts(foundry, mcpReq.signal));
      return { description, messages: [{ role: 'user', content: { type: 'text', text } }] };
    });
  }
}
