import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { Silence } from './watch-stream.ts';

/** Characters of a line that are kept; what follows in it is dropped as it comes. */
const longestLine = 16_384;

/**
 * The lines of a text as they arrive. Whoever stops iterating ends the request.
 *
 * @throws Silence after `silence` milliseconds without a byte, and what the stream fails with
 */
export async function* textLines(response: IncomingMessage, silence: number): AsyncGenerator<string> {
  const timer = setTimeout(() => response.destroy(new Silence()), silence);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk)) continue;
      timer.refresh();
      const lines = decoder.write(chunk).split('\n');
      lines[0] = `${rest}${lines[0] ?? ''}`;
      rest = (lines.pop() ?? '').slice(0, longestLine);
      for (const line of lines) yield line.slice(0, longestLine);
    }
    if (rest !== '') yield rest;
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}
