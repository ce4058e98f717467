import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { simulatorUser, startSandbox } from '../../src/sandbox/sandbox.ts';
import { soon } from '../support/soon.ts';
import { openLab } from './lab.ts';

describe('scenarios', () => {
  it('begins with an empty request log, and has nothing open when it has stopped', async () => {
    const sandbox = await startSandbox();
    expect(sandbox.api.requests.filter(({ user }) => user !== simulatorUser)).toEqual([]);
    await sandbox.stop();
    await vi.waitFor(() => expect(sandbox.api.openRequests).toBe(0), soon);
  });

  it('legacy holds old layouts that nothing labels, and settings of a former version', async () => {
    const lab = await openLab({ scenario: 'legacy', speed: 1 });
    onTestFinished(() => lab.close());
    const deployments = await lab.deployments();
    expect(deployments.map(({ name, apiVersion, phase, managed }) => [name, apiVersion, phase, managed])).toEqual([
      ['llama-old', 'nvidia.com/v1alpha1', 'Failed', false],
      ['ray-llm', 'ray.io/v1', 'Running', false],
      ['vllm-agg', 'nvidia.com/v1alpha1', 'Running', false],
      ['vllm-disagg', 'nvidia.com/v1alpha1', 'Running', false],
    ]);
    const settings = await lab.get('configMap', 'kubefoundry-system', 'kubefoundry-config');
    expect(JSON.stringify(settings)).toContain('activeProviderId');
  });

  it.each(['empty', 'dynamo', 'kuberay', 'both'] as const)(
    '%s has nothing deployed and three GPU nodes',
    async (scenario) => {
      const lab = await openLab({ scenario });
      onTestFinished(() => lab.close());
      expect(await lab.deployments()).toEqual([]);
      const nodes = await lab.cluster.list({ group: '', kind: 'Node' });
      expect(nodes.map(({ metadata }) => metadata.labels?.['nvidia.com/gpu.product']).sort()).toEqual([
        'NVIDIA-H100-80GB-HBM3',
        'NVIDIA-L4',
        'NVIDIA-L40S',
      ]);
    },
  );
});
