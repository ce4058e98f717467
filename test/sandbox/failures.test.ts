import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { conditionOf, listAt, textAt, valueAt } from '../../src/kubernetes.ts';
import type { FailureKind } from '../../src/sandbox/failures.ts';
import { graph, rayService } from '../../src/sandbox/scenarios/manifests.ts';
import { type Lab, openLab } from './lab.ts';

const namespace = 'models';
const qwen = { name: 'qwen', namespace, model: 'Qwen/Qwen3-0.6B', managed: true } as const;

const outcomes: readonly (readonly [FailureKind, phase: string, dynamo: string, kuberay: string])[] = [
  ['image-pull', 'Failed', 'ImagePullBackOff', 'ImagePullBackOff'],
  ['unschedulable', 'Pending', 'Unschedulable', 'Unschedulable'],
  ['out-of-memory', 'Failed', 'CrashLoopBackOff', 'CrashLoopBackOff'],
  ['crash-loop', 'Failed', 'CrashLoopBackOff', 'CrashLoopBackOff'],
  ['not-ready', 'Deploying', 'ContainersNotReady', 'DEPLOYING'],
  ['deploy-failed', 'Failed', 'CrashLoopBackOff', 'DEPLOY_FAILED'],
  ['failed-reconcile', 'Failed', 'failed_to_reconcile_the_resources', 'FailedCreateWorkerPod'],
];

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterEach(() => lab.clear());
afterAll(() => lab.close());

describe('failures on request', () => {
  it.each(outcomes)('%s makes a first deployment %s, on both runtimes', async (kind, phase, ofDynamo, ofKuberay) => {
    lab.fail('Qwen/*', kind);
    await lab.cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await lab.cluster.apply(graph({ ...qwen, name: 'on-dynamo' }));
    await lab.cluster.apply(rayService({ ...qwen, name: 'on-kuberay' }));
    await lab.sandbox.settled();
    expect(await lab.deployment('on-dynamo')).toMatchObject({ phase, reason: ofDynamo, replicas: { ready: 0 } });
    expect(await lab.deployment('on-kuberay')).toMatchObject({ phase, reason: ofKuberay, replicas: { ready: 0 } });
  });

  it('shows an image that cannot be pulled as the kubelet does', async () => {
    await lab.cluster.apply(graph({ ...qwen, namespace: 'dynamo-system', tag: 'does-not-exist' }));
    await lab.sandbox.settled();
    const [pod] = (await lab.list('pod', 'dynamo-system')).filter((each) =>
      each.metadata.name.startsWith('qwen-worker'),
    );
    const image = 'nvcr.io/nvidia/ai-dynamo/vllm-runtime:does-not-exist';
    expect(textAt(pod, 'status', 'phase')).toBe('Pending');
    expect(valueAt(pod, 'status', 'containerStatuses', 0, 'state', 'waiting')).toEqual({
      reason: 'ImagePullBackOff',
      message: `Back-off pulling image "${image}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
    });
    expect(await lab.events(pod)).toEqual(
      expect.arrayContaining([
        `Pulling: Pulling image "${image}"`,
        'Failed: Error: ErrImagePull',
        `BackOff: Back-off pulling image "${image}"`,
        'Failed: Error: ImagePullBackOff',
      ]),
    );
  });

  it('leaves a pod unscheduled that asks for more GPUs than any node has, in the scheduler’s words', async () => {
    await lab.cluster.apply(graph({ ...qwen, namespace: 'dynamo-system', gpus: 16 }));
    await lab.sandbox.settled();
    const [pod] = (await lab.list('pod', 'dynamo-system')).filter((each) =>
      each.metadata.name.startsWith('qwen-worker'),
    );
    const words =
      '0/3 nodes are available: 3 Insufficient nvidia.com/gpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.';
    expect(conditionOf(pod ?? graph(qwen), 'PodScheduled')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message: words,
    });
    expect(await lab.events(pod)).toEqual([`FailedScheduling: ${words}`]);
  });

  it('schedules what waits as soon as others make room', async () => {
    const first = graph({ ...qwen, name: 'first', namespace: 'dynamo-system', gpus: 8 });
    await lab.cluster.apply(first);
    await lab.sandbox.settled();
    await lab.cluster.apply(graph({ ...qwen, name: 'second', namespace: 'dynamo-system', gpus: 8 }));
    await lab.sandbox.settled();
    expect(await lab.deployment('second')).toMatchObject({ phase: 'Pending' });
    await lab.cluster.delete({ group: 'nvidia.com', kind: 'DynamoGraphDeployment' }, first.metadata);
    await lab.sandbox.settled();
    expect(await lab.deployment('second')).toMatchObject({ phase: 'Running' });
  });

  it('restarts a container that runs out of memory, with its last state and its logs', async () => {
    lab.fail('qwen', 'out-of-memory');
    await lab.cluster.apply(graph({ ...qwen, namespace: 'dynamo-system' }));
    await lab.sandbox.settled();
    const [pod] = (await lab.list('pod', 'dynamo-system')).filter((each) =>
      each.metadata.name.startsWith('qwen-worker'),
    );
    const status = listAt(pod, 'status', 'containerStatuses')[0];
    expect(valueAt(status, 'restartCount')).toBeGreaterThan(0);
    expect(valueAt(status, 'lastState', 'terminated')).toMatchObject({ reason: 'OOMKilled', exitCode: 137 });
  });

  it('heals when the wish is taken back', async () => {
    const heal = lab.fail('kuberay-system/qwen', 'deploy-failed');
    await lab.cluster.apply(rayService({ ...qwen, namespace: 'kuberay-system' }));
    await lab.sandbox.settled();
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Failed' });
    heal();
    await lab.sandbox.settled();
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Running' });
  });

  it('degrades what loses one of two replicas, and fails what loses both', async () => {
    await lab.cluster.apply(graph({ ...qwen, namespace: 'dynamo-system', replicas: 2 }));
    await lab.sandbox.settled();
    const heal = lab.fail('qwen', 'crash-loop', 1);
    await lab.sandbox.settled();
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Degraded', replicas: { desired: 2, ready: 1 } });
    heal();
    lab.fail('qwen', 'crash-loop');
    await lab.sandbox.settled();
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Failed', replicas: { desired: 2, ready: 0 } });
  });
});
