import { expect, test } from 'vitest';
import { demo } from './demo.ts';

/** From a diagnosis to its cure: the first cause, the call that it gives, and what that call came to. */
function cureOf(story: string, name: string) {
  const about = story.slice(story.lastIndexOf(`→ diagnose_deployment {"name":"${name}`));
  const [, cause, fix = ''] = /^← 1\. ([A-Z_]+): .*?^← fix: (deploy_model .*?\})$/ms.exec(about) ?? [];
  const followed = about.indexOf(`→ ${fix.slice(0, -1)}`);
  const [, phase] = /^← context \S+: updated \S+ \(\w+\): (\w+)/m.exec(about.slice(followed)) ?? [];
  return { cause, fix, phase: followed < 0 ? 'fix not followed' : phase };
}

test('the full demo measures an answer and cures three deployments by the calls that their diagnosis gave', {
  timeout: 120_000,
}, async () => {
  const [long, untrusted] = await Promise.all([demo('kv-cache-too-small', '--full'), demo('code-untrusted', '--full')]);
  for (const story of [long, untrusted]) {
    expect(story.match(/it serves: first token after \d+ ms, [\d.]+ tokens\/s/g)).toHaveLength(4);
    expect(cureOf(story, 'typo')).toMatchObject({ cause: 'IMAGE_NOT_FOUND', phase: 'Running' });
    expect(cureOf(story, 'large')).toMatchObject({ cause: 'GPUS_IN_USE', phase: 'Running' });
    expect(story).toMatch(/large-\w+ .*Running/);
  }
  expect(cureOf(long, 'engine')).toMatchObject({
    cause: 'KV_CACHE_TOO_SMALL',
    fix: expect.stringContaining('"contextLength":53472'),
    phase: 'Running',
  });
  expect(cureOf(untrusted, 'engine')).toMatchObject({
    cause: 'MODEL_CODE_UNTRUSTED',
    fix: expect.stringContaining('"trustRemoteCode":true'),
    phase: 'Running',
  });
  expect(long).not.toContain('MODEL_CODE_UNTRUSTED');
});
