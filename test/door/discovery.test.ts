import { expect } from 'vitest';
import { json } from '../support/scripted-api.ts';
import { configMaps, rayServices, test } from './door.ts';

const version = (name: string) => ({
  version: name,
  resources: [
    {
      resource: 'rayservices',
      responseKind: { group: 'ray.io', version: name, kind: 'RayService' },
      scope: 'Namespaced',
      verbs: ['get'],
    },
  ],
});
const groups = (...versions: string[]) => ({
  kind: 'APIGroupDiscoveryList',
  items: [{ metadata: { name: 'ray.io' }, versions: versions.map(version) }],
});

test.concurrent('the version that the server prefers is taken, unless another one is asked for', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  api.on('GET /apis', json(groups('v1', 'v1alpha1')));
  expect(await cluster.resource(rayServices)).toEqual({
    group: 'ray.io',
    version: 'v1',
    kind: 'RayService',
    plural: 'rayservices',
    namespaced: true,
    verbs: ['get'],
  });
  expect(await cluster.resource({ ...rayServices, version: 'v1alpha1' })).toMatchObject({ version: 'v1alpha1' });
  expect(await cluster.resource({ ...rayServices, version: 'v2' })).toBeUndefined();
});

test.concurrent('many questions at once and after each other cost two requests', async ({ openDoor }) => {
  const { api, cluster } = await openDoor();
  await Promise.all(Array.from({ length: 20 }, () => cluster.resource(configMaps)));
  await cluster.resources();
  expect(api.requests.map(({ path }) => path).sort()).toEqual(['/api', '/apis']);
});

test.concurrent('a kind that is installed later is found without a restart', async ({ openDoor }) => {
  const { api, cluster } = await openDoor();
  api.on('GET /apis', json(groups()));
  expect(await cluster.resource(rayServices)).toBeUndefined();
  api.on('GET /apis', json(groups('v1')));
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await cluster.resource(rayServices)).toBeDefined();
});

test.concurrent('a server that knows no aggregated discovery is asked group by group', async ({ openDoor }) => {
  const { api, cluster } = await openDoor();
  api.on('GET /api', json({ kind: 'APIVersions', versions: ['v1'] }));
  api.on(
    'GET /apis',
    json({
      kind: 'APIGroupList',
      groups: [
        {
          name: 'ray.io',
          versions: [{ version: 'v1alpha1' }, { version: 'v1' }],
          preferredVersion: { version: 'v1' },
        },
      ],
    }),
  );
  const resource = (name: string, kind: string, namespaced: boolean) => ({ name, kind, namespaced, verbs: ['get'] });
  api.on(
    'GET /api/v1',
    json({ resources: [resource('configmaps', 'ConfigMap', true), resource('nodes', 'Node', false)] }),
  );
  const rays = json({
    resources: [resource('rayservices', 'RayService', true), resource('rayservices/status', 'RayService', true)],
  });
  api.on('GET /apis/ray.io/v1', rays);
  api.on('GET /apis/ray.io/v1alpha1', rays);
  const found = (await cluster.resources()).map(({ plural, version, namespaced }) => [plural, version, namespaced]);
  expect(found).toEqual([
    ['configmaps', 'v1', true],
    ['nodes', 'v1', false],
    ['rayservices', 'v1', true],
    ['rayservices', 'v1alpha1', true],
  ]);
});

test.concurrent('what has not changed is not sent again', async ({ openDoor }) => {
  const { api, cluster } = await openDoor();
  api.on('GET /apis', json(groups('v1'), 200, { etag: '"one"' }));
  await cluster.resources();
  api.on('GET /apis', (request, response) => {
    response.writeHead(request.headers['if-none-match'] === '"one"' ? 304 : 500).end();
  });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await cluster.resource({ group: 'ray.io', kind: 'RayJob' })).toBeUndefined();
  expect(await cluster.resource(rayServices)).toBeDefined();
  expect(api.requestsTo('GET /apis').length).toBeGreaterThanOrEqual(2);
});
