import type { Answer } from '../demo/client.ts';
import { type Call, namedCall } from '../demo/named-call.ts';
import { atPath } from './path.ts';
import type { GoldenCall, Reference } from './task.ts';

/** Earlier answers by the name of their call. */
export type Answers = ReadonlyMap<string, Answer>;

/** What a call says, with what earlier answers told put in; undefined where they did not tell it. */
export function callOf(golden: GoldenCall, answers: Answers): Call | undefined {
  if ('tool' in golden) {
    const input = filledIn(golden.input, answers);
    return isMap(input) ? { tool: golden.tool, input } : undefined;
  }
  const text = told(golden.follow, answers);
  const call = typeof text === 'string' ? namedCall(text) : undefined;
  return call && { tool: call.tool, input: { ...call.input, ...golden.with } };
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isReference = (value: unknown): value is Reference => isMap(value) && typeof value.from === 'string';

/** The value with its references replaced; undefined as soon as one of them leads nowhere. */
function filledIn(value: unknown, answers: Answers): unknown {
  if (isReference(value)) return told(value, answers);
  if (!isMap(value)) return value;
  const filled = Object.entries(value).map(([key, each]) => [key, filledIn(each, answers)] as const);
  return filled.some(([, each]) => each === undefined) ? undefined : Object.fromEntries(filled);
}

function told({ from, at, match }: Reference, answers: Answers): unknown {
  const answer = answers.get(from);
  const found = at === undefined ? answer?.text : atPath(answer?.data, at);
  return match === undefined || typeof found !== 'string' ? found : RegExp(match).exec(found)?.[1];
}
