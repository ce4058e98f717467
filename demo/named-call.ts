import * as z from 'zod';

/** A tool call. */
export interface Call {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const input = z.record(z.string(), z.unknown());

/** The first tool call that a text names, such as a fix of a diagnosis: `deploy_model {…}`. Undefined where it names none. */
export function namedCall(text: string): Call | undefined {
  for (const { index, 1: tool = '' } of text.matchAll(/\b([a-z]+(?:_[a-z]+)+) (?=\{)/g)) {
    const given = leadingObject(text.slice(index + tool.length + 1));
    if (given !== undefined) return { tool, input: given };
  }
  return undefined;
}

/** The JSON object with which a text begins; other words may follow. */
function leadingObject(text: string): Call['input'] | undefined {
  for (let end = text.indexOf('}'); end >= 0; end = text.indexOf('}', end + 1)) {
    try {
      return input.parse(JSON.parse(text.slice(0, end + 1)));
    } catch {
      // Not the brace that closes it.
    }
  }
  return undefined;
}
