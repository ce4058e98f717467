import { expect, test } from 'vitest';
import { evidenceOf } from '../../../src/foundry/diagnosis/subject.ts';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';

const pod = (cluster: string, ready: boolean) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `${cluster}-worker`,
    namespace: 'team',
    labels: { 'ray.io/cluster': cluster, 'ray.io/node-type': 'worker' },
  },
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});

const podsOf = (pending: string, oldIsReady: boolean) => {
  const primary = {
    apiVersion: 'ray.io/v1',
    kind: 'RayService',
    metadata: { name: 'chat', namespace: 'team' },
    spec: {},
    status: {
      activeServiceStatus: { rayClusterName: 'chat-old' },
      pendingServiceStatus: { rayClusterName: pending },
    },
  };
  const objects = [pod('chat-old', oldIsReady), pod('chat-new', false)];
  const snapshot = { primary, objects, unread: [], now: new Date() };
  return evidenceOf(kuberay, snapshot, []).pods.map(({ name }) => name);
};

test('what ails a pod that is replaced says nothing of what is asked for now', () => {
  expect(podsOf('chat-new', false)).toEqual(['chat-new-worker']);
  expect(podsOf('chat-new', true)).toEqual(['chat-old-worker', 'chat-new-worker']);
  expect(podsOf('', false)).toEqual(['chat-old-worker', 'chat-new-worker']);
});
