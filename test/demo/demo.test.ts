import { expect, test } from 'vitest';
import { demo } from './demo.ts';

test('the demo tells what the tools say: another failure of the sandbox is another reason', {
  timeout: 90_000,
}, async () => {
  const [pulling, crashing] = await Promise.all([demo('image-pull'), demo('crash-loop')]);
  expect(pulling).toMatch(/broken-\w+ .*Failed ImagePullBackOff/);
  expect(pulling).not.toContain('CrashLoopBackOff');
  expect(crashing).toMatch(/broken-\w+ .*Failed CrashLoopBackOff/);
  expect(crashing).not.toContain('ImagePullBackOff');
  for (const story of [pulling, crashing]) {
    expect(story).toContain('✗ RUNTIME_REQUIRED');
    expect(story).toContain('✗ RUNTIME_NOT_INSTALLED');
    expect(story).toMatch(/code-\w+ .*kuberay .*Running/);
  }
});
