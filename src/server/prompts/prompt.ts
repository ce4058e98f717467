import type * as z from 'zod';
import type { Foundry } from '../../foundry/foundry.ts';
import { callTool } from '../../tools/call.ts';
import type { Tool } from '../../tools/tool.ts';

/** What a person picks in a client: it reads the facts that the question needs and names the tools to call next. */
export interface Prompt<Arguments extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Texts only: a client asks for nothing else. */
  readonly input: Arguments;
  /** The one message of the user. */
  message(input: z.output<Arguments>, read: Read): Promise<string>;
}

/** A tool's answer in a prompt; `data` is absent where the tool refused, and `text` says why. */
interface Fact<Output extends z.ZodObject> {
  readonly text: string;
  readonly data?: z.output<Output>;
}

export type Read = <In extends z.ZodObject, Out extends z.ZodObject>(
  tool: Tool<In, Out>,
  input: z.input<In>,
) => Promise<Fact<Out>>;

/** Reads through the tools; a refusal is a fact too, and stands in the message as an error. */
export function readFacts(foundry: Foundry, signal: AbortSignal): Read {
  return async (tool, input) => {
    const result = await callTool(tool, input, {
      context: { foundry, caller: 'mcp prompts', progress: () => {} },
      signal,
      ask: async () => 'unavailable',
    });
    const head = `From ${tool.name} ${JSON.stringify(input)}, read just now:`;
    if (result.ok) return { text: `${head}\n${result.text}`, data: tool.output.parse(result.data) };
    const { code, message, hint } = result.error;
    return { text: `${head}\n${code}: ${message}\nHint: ${hint}` };
  };
}
