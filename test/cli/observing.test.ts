import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { run, start } from '../support/program.ts';
import { startWorld } from '../support/program-world.ts';

let world: Awaited<ReturnType<typeof startWorld>>;
const kubefoundry = (...args: readonly string[]) => run([...args, '--kubeconfig', world.kubeconfig]);

beforeAll(async () => {
  world = await startWorld({ scenario: 'both', speed: 40 });
});
afterAll(() => world.stop());

function follow(...args: readonly string[]) {
  const running = start(['logs', ...args, '--kubeconfig', world.kubeconfig]);
  onTestFinished(() => void running.process.kill());
  return running;
}

test('logs --follow waits for pods, prints lines as they come, and ends with Ctrl-C', async () => {
  await kubefoundry('deploy', 'talk', '--model', 'Qwen/Qwen3-0.6B', '--runtime', 'dynamo');
  const following = follow('talk', '-f');
  const text = await following.printed(/Registered endpoint generate/);
  const lines = text.trimEnd().split('\n');
  expect(lines.every((line) => /^talk-(frontend|worker)-\S+ /.test(line))).toBe(true);
  expect(lines.filter((line) => line.includes('Starting to load model'))).toHaveLength(1);
  following.process.kill('SIGINT');
  const { code, stderr } = await following.ended;
  expect(code).toBe(130);
  expect(stderr).toMatch(/following talk-worker-\S+, container main/);
});

test('a pod that joins is followed, a broken stream is taken up where it ended, and the end of the deployment ends it', async () => {
  const deploy = ['deploy', 'grow', '--model', 'Qwen/Qwen3-0.6B', '--runtime', 'dynamo'];
  await kubefoundry(...deploy, '--wait');
  const following = follow('grow', '--follow', '--role', 'worker', '--match', 'Registered', '-o', 'json');
  await following.printed(/Registered/);
  world.sandbox.api.dropConnections();
  await kubefoundry(...deploy, '--replicas', '2', '--replace', '--wait');
  const text = await following.printed(/Registered[\s\S]*Registered/);
  const lines: unknown[] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(new Set(lines.map((line) => JSON.stringify(line))).size).toBe(lines.length);
  expect(lines[0]).toMatchObject({
    role: 'worker',
    pod: expect.stringMatching(/^grow-worker-/),
    time: expect.any(String),
  });
  await kubefoundry('delete', 'grow', '--yes');
  expect(await following.ended).toMatchObject({ code: 0, stderr: expect.stringContaining('grow is gone.') });
});

test('what cannot be followed is told before anything is printed', async () => {
  const [before, nobody, role] = await Promise.all([
    kubefoundry('logs', 'talk', '-f', '--previous'),
    kubefoundry('logs', 'nobody', '-f'),
    kubefoundry('logs', 'talk', '-f', '--role', 'head'),
  ]);
  expect(before).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^INPUT_INVALID: What ran before/),
  });
  expect(nobody).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^NOT_FOUND: .*nobody/) });
  expect(role).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^NOT_FOUND: talk has no role head: it has frontend, worker/),
  });
});

test('a question is asked in read-only mode too, since it changes nothing', async () => {
  const asked = await kubefoundry('query', 'talk', '--read-only', '--max-tokens', '8', '-o', 'json');
  expect(asked).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(asked.stdout)).toMatchObject({ served: true, tokens: 8 });
});
