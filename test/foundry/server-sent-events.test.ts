import { expect, test } from 'vitest';
import { readCompletion } from '../../src/foundry/completion.ts';
import { eventData } from '../../src/foundry/server-sent-events.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function eventsIn(text: string, size = 1_000): Promise<readonly string[]> {
  const events: string[] = [];
  for await (const event of eventData(inPieces(text, size))) events.push(event);
  return events;
}

test.each([1, 2, 3, 7, 1_000])('events are the same in pieces of %d bytes', async (size) => {
  const text = ': comment\n\ndata: grüß dich 🚀\n\nevent: error\r\ndata: two\r\ndata:lines\r\n\r\ndata: [DONE]\n\n';
  expect(await eventsIn(text, size)).toEqual(['grüß dich 🚀', 'two\nlines', '[DONE]']);
});

test('an event that breaks off is none', async () => {
  expect(await eventsIn('data: one\n\ndata: tw')).toEqual(['one']);
});

test('an event without end is not read on', async () => {
  expect(await eventsIn(`data: one\n\ndata: ${'x'.repeat(2_000_000)}\n\ndata: two\n\n`, 100_000)).toEqual(['one']);
});

/** A completion whose clock goes on by 100 ms whenever it is looked at. */
function completed(...events: readonly unknown[]) {
  let time = 0;
  const text = events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
  return readCompletion(inPieces(text, 50), () => {
    time += 100;
    return time;
  });
}
const piece = (content: string) => ({ choices: [{ delta: { content } }] });

test("a completion is its pieces, with the server's own count of tokens", async () => {
  const role = { choices: [{ delta: { role: 'assistant', content: '' } }] };
  const end = { choices: [{ delta: {}, finish_reason: 'length' }] };
  const usage = { choices: [], usage: { completion_tokens: 5 } };
  expect(await completed(role, piece('Hel'), piece('lo'), end, usage, '[DONE]', piece('never read'))).toEqual({
    text: 'Hello',
    finishReason: 'length',
    tokens: 5,
    firstTokenAfter: 100,
    lastTokenAfter: 200,
    failure: null,
  });
});

test('thinking is an answer too, and without a count each piece is a token', async () => {
  const thought = { choices: [{ delta: { reasoning_content: 'hm' } }] };
  expect(await completed(thought, piece('yes'))).toMatchObject({ text: 'hmyes', tokens: 2, finishReason: null });
});

test.each([
  [{ error: { message: 'engine died', code: 500 } }, 'engine died'],
  [{ error: 'no capacity' }, 'no capacity'],
  [{ message: 'no endpoints' }, 'no endpoints'],
])('an error in the middle is told: %j', async (event, failure) => {
  expect(await completed(piece('a'), event, piece('b'))).toMatchObject({ failure });
});
