import { expect } from 'vitest';
import { failure, json } from '../support/scripted-api.ts';
import { configMap, configMaps, listPath, problemOf, settings, test } from './door.ts';

const firstOf = async (lines: AsyncIterable<string>): Promise<string | undefined> => {
  for await (const line of lines) return line;
  return undefined;
};
const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: settings };
const inNamespace = (namespace: string) => `/api/v1/namespaces/${namespace}/configmaps`;
const namespaces = { group: '', kind: 'Namespace' };

test('in read-only mode nothing that writes is sent, but dry-runs, reads and access reviews are', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor({ readOnly: true });
  const web = { type: 'service', namespace: 'default', name: 'web', port: 8000 } as const;
  const writes = [
    cluster.apply(object),
    cluster.apply(object, { force: true }),
    cluster.create(object),
    cluster.patch(configMaps, settings, { data: {} }),
    cluster.patch(configMaps, settings, { spec: {} }, { subresource: 'scale' }),
    cluster.delete(configMaps, settings),
    cluster.proxy(web, { method: 'POST', path: '/v1/chat/completions', body: '{}' }),
    cluster.proxyStream(web, { method: 'POST', path: '/v1/chat/completions', body: '{}' }, AbortSignal.timeout(5_000)),
  ];
  const problems = await Promise.all(writes.map(problemOf));
  expect(problems.map(({ code }) => code)).toEqual(writes.map(() => 'READ_ONLY'));
  expect(problems[0]?.message).toBe('Cannot patch configmaps settings in namespace default: this is read-only mode.');
  expect(api.requests.every(({ method }) => method === 'GET')).toBe(true);

  api.on(`PATCH ${inNamespace('default')}/settings`, json(configMap('settings', '1')));
  api.on(`GET ${inNamespace('default')}/settings`, json(configMap('settings', '1')));
  api.on(
    'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    json({ status: { allowed: false, reason: 'no' } }, 201),
  );
  expect(await cluster.apply(object, { dryRun: true })).toBeDefined();
  expect(await cluster.get(configMaps, settings)).toBeDefined();
  const question = { verb: 'list', group: 'ray.io', plural: 'rayservices', namespace: 'default' };
  expect(await cluster.access(question)).toEqual({ allowed: false, reason: 'no' });
  expect(api.requestsTo(`PATCH ${inNamespace('default')}/settings`)[0]?.query.get('dryRun')).toBe('All');
});

test('in read-only mode a question to a model is sent by who says that it changes nothing', async ({ openDoor }) => {
  const { api, cluster } = await openDoor({ readOnly: true });
  const web = { type: 'service', namespace: 'default', name: 'web', port: 8000 } as const;
  const question = { method: 'POST', path: '/v1/chat/completions', body: '{}', changes: false } as const;
  api.on('POST /api/v1/namespaces/default/services/web:8000/proxy/v1/chat/completions', json({ choices: [] }));
  expect((await cluster.proxyStream(web, question, AbortSignal.timeout(5_000))).status).toBe(200);
});

test('nothing outside the fence is read or written', async ({ openDoor }) => {
  const { api, cluster } = await openDoor({ namespaces: ['models', 'lab'] });
  const at = { namespace: 'kube-system', name: 'settings' };
  const web = { type: 'service', namespace: 'kube-system', name: 'web', port: 8000 } as const;
  const calls = [
    cluster.get(configMaps, at),
    cluster.list(configMaps, { namespace: 'kube-system' }),
    cluster.apply({ ...object, metadata: at }),
    cluster.apply({ ...object, metadata: at }, { dryRun: true }),
    cluster.delete(configMaps, at),
    cluster.logs({ namespace: 'kube-system', pod: 'etcd' }),
    firstOf(cluster.followLogs({ namespace: 'kube-system', pod: 'etcd' }, { tail: 1 }, AbortSignal.timeout(5_000))),
    cluster.proxy(web, { method: 'GET', path: '/' }),
    cluster.delete(namespaces, { name: 'kube-system' }),
    cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'another' } }),
  ];
  const problems = await Promise.all(calls.map(problemOf));
  expect(problems.map(({ code }) => code)).toEqual(calls.map(() => 'FORBIDDEN'));
  expect(problems[0]?.message).toBe(
    'Cannot get configmaps settings in namespace kube-system: kubefoundry was started for models, lab only.',
  );
  expect(api.requests.filter(({ path }) => path !== '/api' && path !== '/apis')).toEqual([]);
});

test('behind a fence, all namespaces are those inside it, and what stands outside namespaces can be read', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor({ namespaces: ['models', 'lab'] });
  const list = (name: string) => json({ kind: 'ConfigMapList', metadata: {}, items: [configMap(name, '1')] });
  api.on(`GET ${inNamespace('models')}`, list('one'));
  api.on(`GET ${inNamespace('lab')}`, list('two'));
  const found = await cluster.list(configMaps);
  expect(found.map(({ metadata }) => metadata.name)).toEqual(['one', 'two']);
  expect(await cluster.count(configMaps)).toBe(2);
  expect(api.requestsTo(listPath)).toHaveLength(0);

  api.on('GET /api/v1/namespaces/kube-system', failure(404, 'NotFound', 'not found', { details: { name: 'x' } }));
  expect(await cluster.get(namespaces, { name: 'kube-system' })).toBeUndefined();
  api.on('PATCH /api/v1/namespaces/lab', json({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'lab' } }));
  expect(await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'lab' } })).toBeDefined();
});
