import { describe, expect, it, onTestFinished } from 'vitest';
import { FoundryError } from '../../src/errors.ts';
import { textAt } from '../../src/kubernetes.ts';
import { graph, rayService } from '../../src/sandbox/scenarios/manifests.ts';
import { kinds, openLab } from './lab.ts';

const namespace = 'kuberay-system';
const qwen = { name: 'qwen', namespace, model: 'Qwen/Qwen3-0.6B', managed: true } as const;
const signal = AbortSignal.timeout(30_000);
const quietly = () => {};
const operator = { namespace, name: 'kuberay-operator' };

const helm = (action: 'install' | 'upgrade' | 'uninstall', chart: string, version: string) => {
  const runtime = chart === 'kuberay-operator' ? 'kuberay' : 'dynamo';
  return { kind: 'helm', action, release: chart, namespace: `${runtime}-system`, chart, version } as const;
};

describe('installing on the sandbox', () => {
  it('begins with nodes and no runtime, and brings operators up', async () => {
    const lab = await openLab({ scenario: 'empty' });
    onTestFinished(() => lab.close());
    const { installer, settled } = lab.sandbox;
    expect(await lab.names('crd')).toEqual([]);
    expect(await installer.ready(signal)).toEqual({ ok: true });
    const said: string[] = [];
    await installer.carryOut(
      helm('install', 'dynamo-platform', '1.6.1'),
      lab.cluster,
      (line) => said.push(line),
      signal,
    );
    await installer.carryOut(helm('install', 'kuberay-operator', '1.7.0'), lab.cluster, quietly, signal);
    await settled();
    expect(said).toEqual(['install of release dynamo-platform (dynamo 1.6.1) in dynamo-system']);
    expect(await lab.names('crd')).toEqual([
      'dynamocomponentdeployments.nvidia.com',
      'dynamographdeployments.nvidia.com',
      'dynamographdeploymentscalingadapters.nvidia.com',
      'rayclusters.ray.io',
      'rayjobs.ray.io',
      'rayservices.ray.io',
    ]);
    await lab.cluster.apply(graph({ ...qwen, name: 'one', namespace: 'dynamo-system' }));
    await lab.cluster.apply(rayService({ ...qwen, name: 'two' }));
    await settled();
    expect((await lab.deployments()).map(({ phase }) => phase)).toEqual(['Running', 'Running']);
  });

  it('reconciles nothing while the operator is scaled to zero, and catches up afterwards', async () => {
    const lab = await openLab({ scenario: 'kuberay' });
    onTestFinished(() => lab.close());
    await lab.cluster.patch(kinds.deployment, operator, { spec: { replicas: 0 } });
    await lab.sandbox.settled();
    await lab.cluster.apply(rayService(qwen));
    await lab.sandbox.settled();
    const untouched = await lab.get('rayService', namespace, 'qwen');
    expect(untouched.status).toBeUndefined();
    expect(untouched.metadata.finalizers).toBeUndefined();
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Pending' });
    await lab.cluster.patch(kinds.deployment, operator, { spec: { replicas: 1 } });
    await lab.sandbox.settled();
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Running' });
  });

  it('strands a deletion whose operator crashes', async () => {
    const lab = await openLab({ scenario: 'kuberay' });
    onTestFinished(() => lab.close());
    await lab.cluster.apply(rayService(qwen));
    await lab.sandbox.settled();
    lab.sandbox.fail('kuberay-operator', 'crash-loop');
    await lab.sandbox.settled();
    await lab.cluster.delete(kinds.rayService, { namespace, name: 'qwen' });
    await lab.sandbox.settled();
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Deleting' });
    const pods = (await lab.list('pod', namespace)).filter((pod) => pod.metadata.name.startsWith('qwen'));
    expect(pods.map((pod) => textAt(pod, 'status', 'phase'))).toEqual(['Running', 'Running']);
  });

  it('uninstalls the operator and leaves the CRDs, until they are deleted on request', async () => {
    const lab = await openLab({ scenario: 'kuberay' });
    onTestFinished(() => lab.close());
    const { installer, settled } = lab.sandbox;
    await installer.carryOut(helm('uninstall', 'kuberay-operator', '1.7.0'), lab.cluster, quietly, signal);
    await settled();
    expect(await lab.names('deployment', namespace)).toEqual([]);
    expect(await lab.names('pod', namespace)).toEqual([]);
    const names = await lab.names('crd');
    expect(names).toContain('rayservices.ray.io');
    await installer.carryOut({ kind: 'deleteCrds', names }, lab.cluster, quietly, signal);
    expect(await lab.names('crd')).toEqual([]);
  });

  it('upgrades the CRDs that helm leaves behind only when they are applied', async () => {
    const lab = await openLab({ scenario: 'empty' });
    onTestFinished(() => lab.close());
    const { installer, settled } = lab.sandbox;
    const fields = async () =>
      JSON.stringify((await lab.get('crd', '', 'rayservices.ray.io')).spec).split('"suspend"').length;
    await installer.carryOut(helm('install', 'kuberay-operator', '1.6.2'), lab.cluster, quietly, signal);
    const before = await fields();
    await installer.carryOut(helm('upgrade', 'kuberay-operator', '1.7.0'), lab.cluster, quietly, signal);
    await settled();
    expect(await fields()).toBe(before);
    const image = textAt(
      await lab.get('deployment', namespace, 'kuberay-operator'),
      'spec',
      'template',
      'spec',
      'containers',
      0,
      'image',
    );
    expect(image).toBe('quay.io/kuberay/operator:v1.7.0');
    const chart = { version: '1.7.0' };
    await installer.carryOut({ kind: 'applyCrds', chart, names: ['rayservices.ray.io'] }, lab.cluster, quietly, signal);
    expect(await fields()).toBe(before + 1);
  });

  it('knows two charts', async () => {
    const lab = await openLab({ scenario: 'empty' });
    onTestFinished(() => lab.close());
    const attempt = lab.sandbox.installer.carryOut(helm('install', 'nginx', '1.0.0'), lab.cluster, quietly, signal);
    await expect(attempt).rejects.toThrow(FoundryError);
    await expect(attempt).rejects.toMatchObject({ code: 'HELM_FAILED' });
  });
});
