import fc from 'fast-check';
import { expect } from 'vitest';
import { configMaps, problemOf, test } from './door.ts';

const hostile = [
  '../x',
  '..',
  '.',
  '--server=evil',
  '-x',
  'a;rm',
  'a/b',
  'a%2fb',
  'a b',
  'a?b=c',
  'a#b',
  'a\\b',
  'a\n',
  'a\0',
  'ä',
  'Ａ',
  'UPPER',
  '',
  'x'.repeat(300),
];

test.concurrent.for(hostile)('the name %j reaches no server, whatever is asked with it', async (name, { openDoor }) => {
  const { api, cluster } = await openDoor();
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } };
  const elsewhere = { ...object, metadata: { name: 'settings', namespace: name } };
  const at = { namespace: 'default', name };
  const proxied = { type: 'service', namespace: 'default', name, port: 80 } as const;
  const calls = [
    cluster.get(configMaps, at),
    cluster.get(configMaps, { namespace: name, name: 'settings' }),
    cluster.list(configMaps, { namespace: name }),
    cluster.apply(object),
    cluster.apply(elsewhere),
    cluster.create(elsewhere),
    cluster.patch(configMaps, at, {}),
    cluster.delete(configMaps, at),
    cluster.logs({ namespace: 'default', pod: name }),
    cluster.logs({ namespace: 'default', pod: 'settings', container: name }),
    cluster.proxy(proxied, { method: 'GET', path: '/' }),
    cluster.proxy({ ...proxied, name: 'web', port: name }, { method: 'GET', path: '/' }),
  ];
  const problems = await Promise.all(calls.map(problemOf));
  expect(problems.map(({ code }) => code)).toEqual(calls.map(() => 'INPUT_INVALID'));
  expect(() => cluster.live(configMaps, { namespace: name }, () => 0)).toThrow('is not valid');
  expect(api.requests).toHaveLength(0);
});

test.concurrent('whatever string is asked as a name: it is refused, or it is one part of the path', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  await cluster.resources();
  const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-z0-9.%/-]{1,12}$/));
  await fc.assert(
    fc.asyncProperty(anything, async (name) => {
      const before = api.requests.length;
      const found = await cluster.get(configMaps, { namespace: 'default', name }).catch(() => 'refused');
      const [seen, ...more] = api.requests.slice(before);
      expect(more).toEqual([]);
      if (found === 'refused') expect(seen).toBeUndefined();
      else expect(seen?.path).toBe(`/api/v1/namespaces/default/configmaps/${name}`);
    }),
    { numRuns: 300, seed: 7 },
  );
});

test.concurrent.for([
  'v1/models',
  '/../secrets',
  '/%2e%2e/secrets',
  '/a/..%2f',
  '/a\\b',
  '/a b',
  '/a#b',
  '/ä',
  '/a\r\nX: y',
])('the path %j cannot be proxied', async (path, { openDoor }) => {
  const { api, cluster } = await openDoor();
  const target = { type: 'service', namespace: 'default', name: 'web', port: 8000 } as const;
  expect((await problemOf(cluster.proxy(target, { method: 'GET', path }))).code).toBe('INPUT_INVALID');
  expect(api.requests).toHaveLength(0);
});
