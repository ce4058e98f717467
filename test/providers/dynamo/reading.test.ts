import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../src/kubernetes.ts';
import { dynamo } from '../../../src/providers/dynamo/provider.ts';
import { read } from '../../support/responder.ts';
import { component, graph, pod, service, snapshot, withComponents, workload } from './fixtures.ts';

const { reads, snapshots, endpoint, pods, status } = dynamo.reading;
const nothing = { answered: [], failed: [], objects: [] };

describe('reading', () => {
  test('asks four questions about one deployment, in its namespace and by its name', () => {
    const queries = reads([graph()], nothing);
    expect(queries.map(({ kind }) => kind)).toEqual(['Pod', 'Service', 'DynamoComponentDeployment', 'Deployment']);
    expect(queries[0]).toMatchObject({
      namespace: 'models',
      labelSelector: 'nvidia.com/dynamo-graph-deployment-name=chat',
    });
    expect(reads([graph()], { ...nothing, answered: queries })).toEqual([]);
  });

  test('asks the same four about many, in one namespace only where they share it', () => {
    const other = graph({ metadata: { name: 'other' } });
    const far = graph({ metadata: { namespace: 'far' } });
    expect(reads([graph(), other], nothing)[0]).toMatchObject({
      namespace: 'models',
      labelSelector: 'nvidia.com/dynamo-graph-deployment-name',
    });
    expect(reads([graph(), far], nothing).map(({ namespace }) => namespace)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(reads([], nothing)).toEqual([]);
  });

  test('does not ask again for what was refused, in whichever namespace', () => {
    const failed = reads([graph()], nothing).map((query) => ({
      query: { ...query, namespace: 'far' },
      code: 'FORBIDDEN',
      message: 'no',
    }));
    expect(reads([graph()], { ...nothing, failed })).toEqual([]);
  });

  test('gives every deployment what is its own: same names elsewhere and longer names do not mix', () => {
    const longer = graph({ metadata: { name: 'chat-2' } });
    const elsewhere = graph({ metadata: { namespace: 'far' } });
    const moved = (object: KubernetesObject, metadata: object) => ({
      ...object,
      metadata: { ...object.metadata, ...metadata },
    });
    const mine = pod('worker', 'ready');
    const far = moved(pod('worker', 'ready'), { namespace: 'far' });
    const primaries = [graph(), longer, elsewhere];
    const found = snapshots(primaries, read(dynamo, primaries, [mine, far]), new Date(0));
    expect(found.map(({ objects }) => objects.map(({ metadata }) => metadata.name))).toEqual([
      [mine.metadata.name],
      [],
      [far.metadata.name],
    ]);
  });

  test('names the pods and what they do', () => {
    const primary = withComponents(
      component('Frontend', 'frontend'),
      component('worker', 'worker'),
      component('Planner', 'planner'),
    );
    const roles = pods(snapshot(primary, [pod('Frontend', 'ready'), pod('worker', 'ready'), pod('Planner', 'ready')]));
    expect(roles.map(({ role }) => role)).toEqual(['frontend', 'worker', null]);
  });
});

describe('the endpoint', () => {
  test('is the Service of the frontend, whatever its name', () => {
    const gateway = withComponents(component('Gateway', 'frontend'), component('worker', 'worker'));
    const objects = [
      service('worker', { type: 'worker', ports: [{ name: 'system', port: 9090 }] }),
      service('Gateway'),
    ];
    expect(endpoint(snapshot(gateway, objects))).toEqual({ service: 'chat-gateway', namespace: 'models', port: 8000 });
  });

  test('is there once its Service is', () => {
    expect(endpoint(snapshot(graph()))).toBeNull();
    expect(endpoint(snapshot(graph(), [service('worker', { type: 'worker' })]))).toBeNull();
  });

  test('is that of the first frontend in the spec, at its http port', () => {
    const pair = withComponents(component('B', 'frontend'), component('A', 'frontend'), component('worker', 'worker'));
    const ports = [
      { name: 'metrics', port: 9000 },
      { name: 'http', port: 8080 },
    ];
    expect(endpoint(snapshot(pair, [service('A'), service('B', { ports })]))).toMatchObject({
      service: 'chat-b',
      port: 8080,
    });
  });

  test('under Grove is found by its owner, for want of labels', () => {
    const ownerReferences = [
      { apiVersion: 'nvidia.com/v1beta1', kind: 'DynamoGraphDeployment', name: 'chat', uid: 'uid-chat' },
    ];
    const { labels: _, ...metadata } = service('Frontend').metadata;
    const unlabelled = { ...service('Frontend'), metadata: { ...metadata, ownerReferences } };
    expect(endpoint(snapshot(graph(), [unlabelled]))).toMatchObject({ service: 'chat-frontend' });
  });
});

test('what may not be read is said, and the rest is still judged', () => {
  const blind = snapshot(graph(), [pod('worker', 'ready'), workload('worker')], ['Pod', 'Deployment']);
  expect(blind.unread.map(({ query }) => query.kind)).toEqual(['Pod', 'Deployment']);
  expect(status(blind).replicas).toEqual({ desired: 1, ready: null });
});
