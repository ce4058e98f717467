import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { holds, inOrderOfTime, shownLine, stampedLines } from '../../src/foundry/log-lines.ts';
import { createLineRedactor } from '../../src/foundry/redaction.ts';
import { estimatedTokens } from '../../src/foundry/token-estimate.ts';

const texts = (lines: ReturnType<typeof stampedLines>) => lines.map(({ text }) => text);

describe('lines of several containers', () => {
  test('stand in order of time, whatever zone and precision their nodes write', () => {
    const one = stampedLines('2026-11-01T10:00:01.000000001Z one\n2026-11-01T10:00:03Z three\n');
    const other = stampedLines('2026-11-01T12:00:02.5+02:00 two\n2026-11-01T10:00:04.123456789Z four\n');
    expect(texts(inOrderOfTime([one, other]))).toEqual(['one', 'two', 'three', 'four']);
  });

  test('of one container stay in their order, also those without a time or with an earlier one', () => {
    const one = stampedLines(
      '2026-11-01T10:00:05Z a\n2026-11-01T10:00:01Z b\nfailed to watch file\n2026-11-01T10:00:05Z   d\n',
    );
    const other = stampedLines('2026-11-01T10:00:03Z first\n2026-11-01T10:00:06Z last\n');
    expect(texts(inOrderOfTime([one, other]))).toEqual(['first', 'a', 'b', 'failed to watch file', '  d', 'last']);
  });
});

describe('a line as it is shown', () => {
  test.each([
    ['\u001b[31mERROR\u001b[0m bad\u200b thing\u202e', 'ERROR bad thing'],
    ['  File "core.py", line 3\t\r', '  File "core.py", line 3'],
    [' 25%|##        |\r 50%|#####     |\r100%|##########|\r', '100%|##########|'],
    ['\u001b]0;title\u0007text', 'text'],
    ['x'.repeat(450), `${'x'.repeat(400)}… (50 more characters)`],
  ])('%j', (raw, shown) => {
    expect(shownLine(raw)).toBe(shown);
  });
});

test('a match is a plain text in any case, never a pattern', () => {
  expect(holds('CUDA Out of Memory', 'out OF')).toBe(true);
  expect(holds('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+$')).toBe(false);
  expect(holds('anything', undefined)).toBe(true);
});

test('a key that stands on many lines is taken out of lines that come one by one', () => {
  const redacted = createLineRedactor();
  const key = ['a', 'x -----BEGIN RSA PRIVATE KEY-----', 'MIIEow', 'IBAAKC', '-----END RSA PRIVATE KEY-----', 'b'];
  expect(key.map(redacted)).toEqual(['a', 'x [redacted]', '[redacted]', '[redacted]', '[redacted]', 'b']);
  expect(redacted('-----BEGIN CERTIFICATE-----abc-----END CERTIFICATE----- ok')).toBe('[redacted] ok');
  expect(redacted('ok')).toBe('ok');
});

test.each([
  'INFO 11-28 10:12:01 [gpu_model_runner.py:2206] Starting to load model Qwen/Qwen3-0.6B...',
  '(RayWorkerWrapper pid=1234, ip=10.244.0.17) torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 3.50 GiB.',
  '{"level":"error","ts":1764325921.123,"caller":"grpc/server.go:88","msg":"stream closed","id":"3f9a8c2d-11be-4f0e-9d7a-0c5e1b2a3d4f"}',
  'eW91IGZvdW5kIGEgYmFzZTY0IHN0cmluZyBpbiBhIGxvZyBsaW5lLCBjb25ncmF0dWxhdGlvbnM=',
  '模型加载完成，开始提供服务。準備ができました。🚀🚀',
  '-------------------------------- ======= ######## |##########| 100%',
])('the estimate of tokens is at most a tenth too small: %s', (line) => {
  expect(estimatedTokens(line)).toBeGreaterThanOrEqual(0.9 * countTokens(line));
  expect(estimatedTokens(line)).toBeLessThan(2 * line.length);
});
