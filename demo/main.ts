import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { connectAssistant } from './client.ts';
import { createNarrator } from './narrator.ts';

const { values } = parseArgs({
  options: {
    failure: { type: 'string', default: 'image-pull' },
    speed: { type: 'string', default: '25' },
  },
});

/** Names are new in every run, so that nothing below can be a recording. */
const random = (word: string) => `${word}-${randomBytes(2).toString('hex')}`;
const chat = random('chat');
const code = random('code');
const broken = random('broken');

const narrator = createNarrator();
const assistant = await connectAssistant({
  program: ['mcp', '--sandbox=empty', '--speed', values.speed, '--fail', `${broken}=${values.failure}`],
  onQuestion: narrator.question,
  onProgress: narrator.progress,
});

async function call(tool: string, input: Readonly<Record<string, unknown>>) {
  narrator.call(tool, input);
  const answer = await assistant.call(tool, input);
  narrator.answer(answer);
  return answer;
}

/** A step that must work, or must be refused, for the story to go on. */
async function expect(outcome: 'works' | 'is refused', tool: string, input: Readonly<Record<string, unknown>>) {
  const answer = await call(tool, input);
  if (answer.refused !== (outcome === 'is refused')) throw new Error(`${tool} should have ${outcome}: ${answer.text}`);
  return answer;
}

try {
  narrator.chapter('A bare cluster: an assistant deploys without naming a runtime, then on one that is not there');
  await expect('works', 'get_runtimes_status', {});
  await expect('is refused', 'deploy_model', { name: chat, model: 'Qwen/Qwen3-0.6B' });
  await expect('is refused', 'deploy_model', { name: chat, model: 'Qwen/Qwen3-0.6B', runtime: 'dynamo' });

  narrator.chapter('Both runtimes are installed; a human sees each plan first');
  await expect('works', 'install_runtime', { runtime: 'dynamo' });
  await expect('works', 'install_runtime', { runtime: 'kuberay' });

  narrator.chapter('One model on each, to Running');
  await expect('works', 'deploy_model', { name: chat, model: 'Qwen/Qwen3-0.6B', runtime: 'dynamo', wait: true });
  await expect('works', 'deploy_model', {
    name: code,
    model: 'Qwen/Qwen2.5-7B-Instruct',
    runtime: 'kuberay',
    gpus: 2,
    wait: true,
  });

  narrator.chapter('One that cannot start, and why');
  await expect('works', 'deploy_model', { name: broken, model: 'Qwen/Qwen3-8B', runtime: 'dynamo', wait: true });
  await expect('works', 'get_deployment', { name: broken });

  narrator.chapter('One list over both runtimes');
  await expect('works', 'list_deployments', {});

  narrator.chapter('Clean up');
  for (const name of [chat, code, broken]) await expect('works', 'delete_deployment', { name });
  await expect('works', 'list_deployments', {});
  narrator.end();
} finally {
  await assistant.close();
}
