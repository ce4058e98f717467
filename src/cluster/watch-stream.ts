import type { IncomingMessage } from 'node:http';
import { FoundryError } from '../errors.ts';
import { textAt, valueAt } from '../kubernetes.ts';

/** No object is that long; a server that sends such a line sends no objects. */
const longestLine = 16 * 1024 * 1024;

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: unknown;
}

const types = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR'] as const;

/** Nothing came for so long that the connection must be presumed dead, whatever TCP says. */
export class Silence extends Error {}

/**
 * The lines of a watch, one event each, as many at a time as arrive together.
 *
 * @throws Silence after `silence` milliseconds without a byte; FoundryError CLUSTER_UNREACHABLE when the stream breaks
 */
export async function* watchLines(response: IncomingMessage, silence: number): AsyncGenerator<readonly string[]> {
  const timer = setTimeout(() => response.destroy(new Silence()), silence);
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk)) continue;
      timer.refresh();
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const lines: string[] = [];
      let begin = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, begin)) {
        if (end > begin) lines.push(bytes.toString('utf8', begin, end));
        begin = end + 1;
      }
      rest = bytes.subarray(begin);
      if (rest.length > longestLine) throw broken('a line without end');
      if (lines.length > 0) yield lines;
    }
    if (rest.length > 0) throw broken('half an event');
  } catch (error) {
    if (error instanceof Silence || error instanceof FoundryError) throw error;
    throw broken(error instanceof Error ? `an end in the middle (${error.message})` : 'an end in the middle');
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}

/** @throws FoundryError CLUSTER_UNREACHABLE for what is no event */
export function decodeEvent(line: string): WatchEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    throw broken('a line that is not JSON');
  }
  const type = types.find((known) => known === textAt(event, 'type'));
  if (!type) throw broken('an event of an unknown type');
  return { type, object: valueAt(event, 'object') };
}

const broken = (what: string): FoundryError =>
  new FoundryError('CLUSTER_UNREACHABLE', `The watch broke: the server sent ${what}.`, 'It is resumed by itself.');
