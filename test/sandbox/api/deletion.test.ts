import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, configMap, configMaps, pod, pods, startClient, until } from './client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.stop());

const gone = (path: string) =>
  until(
    () => client.get(path),
    ({ status }) => status === 404,
  );

const ownedBy = (owner: { body: Record<string, unknown> }, more = {}) => ({
  ownerReferences: [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: Reflect.get(Object(owner.body.metadata), 'name'),
      uid: Reflect.get(Object(owner.body.metadata), 'uid'),
      ...more,
    },
  ],
});

it('answers with what is gone', async () => {
  const { body } = await client.create(configMaps, configMap('plain'));
  expect(await client.remove(`${configMaps}/plain`)).toMatchObject({
    status: 200,
    body: {
      kind: 'Status',
      status: 'Success',
      details: { name: 'plain', kind: 'configmaps', uid: Reflect.get(Object(body.metadata), 'uid') },
    },
  });
  expect((await client.get(`${configMaps}/plain`)).status).toBe(404);
});

it('refuses when the object is another one by now', async () => {
  await client.create(configMaps, configMap('bound'));
  const options = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'other' } };
  expect(await client.remove(`${configMaps}/bound`, options)).toMatchObject({
    status: 409,
    body: {
      reason: 'Conflict',
      message: expect.stringMatching(
        /^Operation cannot be fulfilled on ConfigMap "bound": the UID in the precondition \(other\) does not match the UID in record \([0-9a-f-]+\)\. The object might have been deleted and then recreated$/,
      ),
    },
  });
});

it('keeps everything in a dry run', async () => {
  await client.create(configMaps, configMap('kept'));
  expect(await client.remove(`${configMaps}/kept?dryRun=All`)).toMatchObject({ body: { status: 'Success' } });
  expect((await client.get(`${configMaps}/kept`)).status).toBe(200);
});

it('waits for finalizers, takes no new ones, and ends with the last', async () => {
  const path = `${configMaps}/held`;
  await client.create(configMaps, configMap('held', {}, { finalizers: ['example.com/a', 'example.com/b'] }));
  expect(await client.remove(path)).toMatchObject({
    status: 200,
    body: { kind: 'ConfigMap', metadata: { deletionTimestamp: expect.any(String), deletionGracePeriodSeconds: 0 } },
  });
  expect(await client.create(configMaps, configMap('held'))).toMatchObject({
    status: 409,
    body: { message: 'object is being deleted: configmaps "held" already exists' },
  });
  expect(await client.merge(path, { metadata: { finalizers: ['example.com/a', 'example.com/c'] } })).toMatchObject({
    status: 422,
    body: { message: expect.stringContaining('no new finalizers can be added if the object is being deleted') },
  });
  await client.merge(path, { metadata: { finalizers: ['example.com/a'] } });
  expect((await client.get(path)).status).toBe(200);
  await client.merge(path, { metadata: { finalizers: null } });
  expect((await client.get(path)).status).toBe(404);
});

it('gives a running pod its grace, and ends it when the kubelet says so', async () => {
  const path = `${pods}/graceful`;
  await client.create(pods, pod('graceful'));
  await client.create(`${path}/binding`, {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name: 'graceful' },
    target: { apiVersion: 'v1', kind: 'Node', name: 'node-1' },
  });
  expect(await client.remove(path)).toMatchObject({
    body: { kind: 'Pod', metadata: { deletionGracePeriodSeconds: 30, deletionTimestamp: expect.any(String) } },
  });
  expect((await client.get(path)).status).toBe(200);
  await client.remove(`${path}?gracePeriodSeconds=0`);
  expect((await client.get(path)).status).toBe(404);
});

it('ends a pod at once that was never put on a node', async () => {
  await client.create(pods, pod('unscheduled'));
  await client.remove(`${pods}/unscheduled`);
  expect((await client.get(`${pods}/unscheduled`)).status).toBe(404);
});

it('deletes what a selector chooses', async () => {
  await client.create(configMaps, configMap('one', {}, { labels: { batch: 'yes' } }));
  await client.create(configMaps, configMap('two', {}, { labels: { batch: 'yes' } }));
  expect(await client.remove(`${configMaps}?labelSelector=batch`)).toMatchObject({
    status: 200,
    body: { kind: 'ConfigMapList', items: [{ metadata: { name: 'one' } }, { metadata: { name: 'two' } }] },
  });
  expect((await client.get(`${configMaps}/one`)).status).toBe(404);
});

describe('dependents', () => {
  it('go after their owner', async () => {
    const owner = await client.create(configMaps, configMap('owner'));
    const child = await client.create(configMaps, configMap('child', {}, ownedBy(owner)));
    await client.create(configMaps, configMap('grandchild', {}, ownedBy(child)));
    await client.remove(`${configMaps}/owner`);
    await gone(`${configMaps}/grandchild`);
    await gone(`${configMaps}/child`);
  });

  it('go before their owner in a foreground deletion', async () => {
    const owner = await client.create(configMaps, configMap('foreground'));
    const held = { ...ownedBy(owner, { blockOwnerDeletion: true }), finalizers: ['example.com/hold'] };
    await client.create(configMaps, configMap('blocking', {}, held));
    expect(await client.remove(`${configMaps}/foreground?propagationPolicy=Foreground`)).toMatchObject({
      body: { metadata: { finalizers: ['foregroundDeletion'] } },
    });
    await until(
      () => client.get(`${configMaps}/blocking`),
      ({ text }) => text.includes('deletionTimestamp'),
    );
    expect((await client.get(`${configMaps}/foreground`)).status).toBe(200);
    await client.merge(`${configMaps}/blocking`, { metadata: { finalizers: null } });
    await gone(`${configMaps}/foreground`);
  });

  it('stay without their owner when orphaned', async () => {
    const owner = await client.create(configMaps, configMap('parent'));
    await client.create(configMaps, configMap('orphan', {}, ownedBy(owner)));
    await client.remove(`${configMaps}/parent?propagationPolicy=Orphan`);
    await gone(`${configMaps}/parent`);
    const { status, body } = await client.get(`${configMaps}/orphan`);
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('metadata.ownerReferences');
  });

  it('stay while another owner lives', async () => {
    const first = await client.create(configMaps, configMap('first'));
    const second = await client.create(configMaps, configMap('second'));
    const both = { ownerReferences: [...ownedBy(first).ownerReferences, ...ownedBy(second).ownerReferences] };
    await client.create(configMaps, configMap('shared', {}, both));
    await client.remove(`${configMaps}/first`);
    const reply = await until(
      () => client.get(`${configMaps}/shared`),
      ({ text }) => !text.includes('"name":"first"'),
    );
    expect(reply).toMatchObject({ status: 200, body: { metadata: { ownerReferences: [{ name: 'second' }] } } });
  });

  it('of an owner that never was are removed', async () => {
    const owner = { body: { metadata: { name: 'never', uid: '00000000-0000-0000-0000-000000000000' } } };
    await client.create(configMaps, configMap('lost', {}, ownedBy(owner)));
    await gone(`${configMaps}/lost`);
  });
});

describe('namespaces', () => {
  const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

  it('begin with a ServiceAccount and the root certificate', async () => {
    expect(await client.create('/api/v1/namespaces', namespace('fresh'))).toMatchObject({
      status: 201,
      body: {
        metadata: { labels: { 'kubernetes.io/metadata.name': 'fresh' } },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      },
    });
    const exists = (path: string) =>
      until(
        () => client.get(path),
        ({ status }) => status === 200,
      );
    await exists('/api/v1/namespaces/fresh/serviceaccounts/default');
    expect(await exists('/api/v1/namespaces/fresh/configmaps/kube-root-ca.crt')).toMatchObject({
      body: { data: { 'ca.crt': client.server.ca } },
    });
  });

  it('take their contents along, and name what holds them', async () => {
    await client.create('/api/v1/namespaces', namespace('leaving'));
    const inside = '/api/v1/namespaces/leaving/configmaps';
    await client.create(inside, configMap('held', {}, { finalizers: ['example.com/hold'] }));
    expect(await client.remove('/api/v1/namespaces/leaving')).toMatchObject({
      status: 200,
      body: { kind: 'Namespace', status: { phase: 'Terminating' } },
    });
    const reply = await until(
      () => client.get('/api/v1/namespaces/leaving'),
      ({ text }) => text.includes('configmaps. has 1 resource instances'),
    );
    expect(reply.body).toMatchObject({
      status: {
        conditions: [
          {
            type: 'NamespaceContentRemaining',
            message: 'Some resources are remaining: configmaps. has 1 resource instances',
          },
          {
            type: 'NamespaceFinalizersRemaining',
            message: 'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
          },
        ],
      },
    });
    expect(await client.create(inside, configMap('late'))).toMatchObject({
      status: 403,
      body: {
        reason: 'Forbidden',
        message:
          'configmaps "late" is forbidden: unable to create new content in namespace leaving because it is being terminated',
        details: { causes: [{ reason: 'NamespaceTerminating' }] },
      },
    });
    await client.merge(`${inside}/held`, { metadata: { finalizers: null } });
    await gone('/api/v1/namespaces/leaving');
  });

  it('that the cluster needs stay', async () => {
    expect(await client.remove('/api/v1/namespaces/default')).toMatchObject({
      status: 403,
      body: { message: 'namespaces "default" is forbidden: this namespace may not be deleted' },
    });
  });
});
