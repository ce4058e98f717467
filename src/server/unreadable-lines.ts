import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { INVALID_REQUEST, PARSE_ERROR } from '@modelcontextprotocol/server';
import { plainLine } from '../foundry/untrusted-text.ts';
import { textAt } from '../kubernetes.ts';

/** More of a line is not kept: the transport gives up on it by itself. */
const longestLine = 10 * 1024 * 1024;

interface Unreadable {
  /** What is sent back: nobody knows the id of what cannot be read. */
  readonly answer: { readonly jsonrpc: '2.0'; readonly id: null; readonly error: { code: number; message: string } };
  /** The same for whoever reads the log of the server. */
  readonly message: string;
}

/**
 * Tells of lines that are no messages, which the SDK drops without a word. It reads beside the transport, which goes on
 * as ever.
 *
 * @returns what ends it
 */
export function watchUnreadable(input: Readable, tell: (found: Unreadable) => void): () => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const look = (chunk: Buffer) => {
    const lines = decoder.write(chunk).split('\n');
    lines[0] = `${rest}${lines[0] ?? ''}`;
    rest = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) {
      const found = judge(line.trim());
      if (found) tell(found);
    }
  };
  input.on('data', look);
  return () => {
    input.off('data', look);
    if (input.listenerCount('data') === 0) input.pause();
  };
}

function judge(line: string): Unreadable | undefined {
  if (line === '') return undefined;
  try {
    if (textAt(JSON.parse(line), 'jsonrpc') === '2.0') return undefined;
  } catch {
    return unreadable(PARSE_ERROR, 'Parse error: not JSON', line);
  }
  return unreadable(INVALID_REQUEST, 'Invalid Request: no JSON-RPC 2.0 message', line);
}

const unreadable = (code: number, message: string, line: string): Unreadable => ({
  answer: { jsonrpc: '2.0', id: null, error: { code, message } },
  message: `${message}: a line of stdin was ignored: ${plainLine(line, 100)}`,
});
