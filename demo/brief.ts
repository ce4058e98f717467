import { random } from './names.ts';
import { play } from './story.ts';

/** The main job: from a bare cluster to a model on each runtime, and why a third one does not run. */
export function brief(speed: string, failure: string): Promise<void> {
  const chat = random('chat');
  const code = random('code');
  const broken = random('broken');
  const program = ['mcp', '--sandbox=empty', '--speed', speed, '--fail', `${broken}=${failure}`];

  return play(program, async ({ chapter, expect, running }) => {
    chapter('A bare cluster: an assistant deploys without naming a runtime, then on one that is not there');
    await expect('works', 'get_runtimes_status', {});
    await expect('is refused', 'deploy_model', { name: chat, model: 'Qwen/Qwen3-0.6B' });
    await expect('is refused', 'deploy_model', { name: chat, model: 'Qwen/Qwen3-0.6B', runtime: 'dynamo' });

    chapter('Both runtimes are installed; a human sees each plan first');
    await expect('works', 'install_runtime', { runtime: 'dynamo' });
    await expect('works', 'install_runtime', { runtime: 'kuberay' });

    chapter('One model on each, to Running');
    await running('deploy_model', { name: chat, model: 'Qwen/Qwen3-0.6B', runtime: 'dynamo', wait: true });
    await running('deploy_model', {
      name: code,
      model: 'Qwen/Qwen2.5-7B-Instruct',
      runtime: 'kuberay',
      gpus: 2,
      wait: true,
    });

    chapter('One that cannot start, and why');
    await expect('works', 'deploy_model', { name: broken, model: 'Qwen/Qwen3-8B', runtime: 'dynamo', wait: true });
    await expect('works', 'get_deployment', { name: broken });

    chapter('One list over both runtimes');
    await expect('works', 'list_deployments', {});

    chapter('Clean up');
    for (const name of [chat, code, broken]) await expect('works', 'delete_deployment', { name });
    await expect('works', 'list_deployments', {});
  });
}
