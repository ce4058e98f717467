import * as z from 'zod';
import { withOwnLines } from '../foundry/untrusted-text.ts';

/** `scale_deployment {"name":"chat","replicas":2}` */
const call = /\b([a-z]+(?:_[a-z]+)+) (\{[^\n]*?\})(?=$|[\s.;)]|, )/g;

/**
 * The same text with its calls in the context that was asked for: made word for word, they act on the cluster that they
 * were found for.
 */
export const callsInContext = (text: string, context: string): string =>
  withOwnLines(text, (line) =>
    line.replace(call, (whole, tool: string, json: string) => {
      const input = inputOf(json);
      return input === undefined ? whole : `${tool} ${JSON.stringify({ ...input, context })}`;
    }),
  );

const object = z.record(z.string(), z.unknown());

function inputOf(json: string): z.output<typeof object> | undefined {
  try {
    return object.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}
