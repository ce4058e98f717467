import { expect, test } from 'vitest';
import { diagnose } from '../../../src/foundry/diagnosis/diagnosis.ts';
import { evidenceOf } from '../../../src/foundry/diagnosis/subject.ts';
import type { KubernetesObject } from '../../../src/kubernetes.ts';
import { dynamo } from '../../../src/providers/dynamo/provider.ts';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import { component, graph, pod, reported, snapshot, withComponents } from '../../providers/dynamo/fixtures.ts';
import * as ray from '../../providers/kuberay/fixtures.ts';

const codesOf = (primary: KubernetesObject, objects: readonly KubernetesObject[]) =>
  diagnose(evidenceOf(dynamo, snapshot(primary, objects), [])).findings.map(({ code }) => code);

const rolling = (replicas: number) =>
  graph({
    spec: { components: [component('Frontend', 'frontend'), component('worker', 'worker', { replicas })] },
    status: reported('pending', 'rolling_update_in_progress', { rollingUpdate: { phase: 'InProgress' } }),
  });
const serving = [pod('Frontend', 'ready'), pod('worker', 'ready')];

test('a rollout is stuck for its new pods, not for an old one that is lost meanwhile', () => {
  expect(codesOf(rolling(2), [...serving, pod('worker', 'loading'), pod('worker', 'lost')])).toEqual(['REPLICA_LOST']);
  expect(codesOf(rolling(2), [...serving, pod('worker', 'pullBackOff')])).toContain('UPGRADE_STUCK');
});

test('a head that is gone is told while its deployment is upgraded, too', () => {
  const primary = ray.rayService({
    conditions: ray.upgrading,
    pending: { rayClusterName: 'qwen-b', applicationStatuses: ray.application('DEPLOYING') },
  });
  const next = [ray.rayCluster('qwen-b'), ray.head('qwen-b-head', { cluster: 'qwen-b' })];
  const objects = [ray.rayCluster(), ray.pod('a'), ...next, ray.pod('b', { cluster: 'qwen-b', ...ray.starting })];
  const [found] = kuberay.reading.snapshots([primary], ray.have(objects), ray.now);
  if (!found) throw new Error('there is no snapshot');
  expect(diagnose(evidenceOf(kuberay, found, [])).findings.map(({ code }) => code)).toEqual(['HEAD_LOST']);
});

test('what Grove says of pods that it cannot make is heard, of one node and of several', () => {
  const clique = (componentKind: string) =>
    graph({
      spec: withComponents(component('Frontend', 'frontend'), component('worker', 'worker')).spec,
      status: reported('pending', 'some_resources_are_not_ready', {
        components: { worker: { componentKind, componentNames: ['chat-0-worker'] } },
      }),
    });
  const said = (name: string): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'models' },
    involvedObject: { kind: 'PodClique', name },
    type: 'Warning',
    reason: 'PodCreateFailed',
    message: 'pods "w" is forbidden: exceeded quota: gpus, requested: requests.nvidia.com/gpu=1',
    lastTimestamp: '2026-11-01T11:59:00Z',
  });
  const heard = (kind: string, name: string) =>
    diagnose(evidenceOf(dynamo, snapshot(clique(kind), [pod('Frontend', 'ready')]), [said(name)])).findings.map(
      ({ code }) => code,
    );
  expect(heard('PodClique', 'chat-0-worker')).toEqual(['QUOTA_EXCEEDED']);
  expect(heard('PodCliqueScalingGroup', 'chat-0-worker-0-leader')).toEqual(['QUOTA_EXCEEDED']);
  expect(heard('PodClique', 'chat-0-worker-0-leader')).toEqual([]);
});

test('what has failed waits for nothing', () => {
  const failed = graph({ status: reported('failed', 'failed_to_handle_the_finalizer') });
  expect(diagnose(evidenceOf(dynamo, snapshot(failed), []))).toMatchObject({
    findings: [{ code: 'RECONCILE_FAILED' }],
    waiting: null,
  });
});
