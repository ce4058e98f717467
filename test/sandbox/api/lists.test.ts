import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, configMap, configMaps, pod, pods, startClient } from './client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
  for (const [name, labels] of [
    ['a', { app: 'web', tier: 'front', size: '3' }],
    ['b', { app: 'web', tier: 'back' }],
    ['c', { app: 'db' }],
    ['d', {}],
  ] as const) {
    await client.create(pods, pod(name, {}, { labels }));
  }
});
afterAll(() => client.stop());

const names = (items: unknown): readonly unknown[] =>
  Array.isArray(items) ? items.map((item) => item.metadata.name) : [];

const list = async (query: string) => {
  const reply = await client.get(`${pods}?${query}`);
  return names(reply.body.items);
};

it('is a list with a revision', async () => {
  expect(await client.get(pods)).toMatchObject({
    status: 200,
    body: { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: expect.stringMatching(/^\d+$/) } },
  });
});

describe('selectors', () => {
  it.each([
    ['app=web', ['a', 'b']],
    ['app==web,tier!=back', ['a']],
    ['app in (web, db)', ['a', 'b', 'c']],
    ['app notin (web)', ['c', 'd']],
    ['app', ['a', 'b', 'c']],
    ['!app', ['d']],
    ['size>2', ['a']],
    ['size<3', []],
  ])('labels: %s', async (selector, expected) => {
    expect(await list(`labelSelector=${encodeURIComponent(selector)}`)).toEqual(expected);
  });

  it.each([
    ['metadata.name=b', ['b']],
    ['status.phase=Pending,metadata.name!=a', ['b', 'c', 'd']],
    ['spec.nodeName=', ['a', 'b', 'c', 'd']],
    ['spec.nodeName=node-1', []],
  ])('fields: %s', async (selector, expected) => {
    expect(await list(`fieldSelector=${encodeURIComponent(selector)}`)).toEqual(expected);
  });

  it.each([
    [`${pods}?fieldSelector=spec.foo%3Dx`, 'field label not supported: spec.foo'],
    [
      `${configMaps}?fieldSelector=data.x%3Dx`,
      '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    [`${pods}?fieldSelector=foo`, "invalid selector: 'foo'; can't understand 'foo'"],
    [`${pods}?labelSelector=a%20b`, "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    [`${pods}?labelSelector=a%20in%20x`, "unable to parse requirement: found 'x' expected: '('"],
    [
      `${pods}?resourceVersion=abc`,
      'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
  ])('%s is refused', async (path, message) => {
    expect(await client.get(path)).toMatchObject({ status: 400, body: { reason: 'BadRequest', message } });
  });
});

describe('pages', () => {
  it('show one moment, whatever happens between them', async () => {
    const first = await client.get(`${pods}?limit=2`);
    expect(names(first.body.items)).toEqual(['a', 'b']);
    expect(first.body).toMatchObject({ metadata: { remainingItemCount: 2, continue: expect.any(String) } });
    await client.create(pods, pod('cc'));
    await client.remove(`${pods}/d`);
    const next = encodeURIComponent(String(Reflect.get(Object(first.body.metadata), 'continue')));
    const second = await client.get(`${pods}?limit=2&continue=${next}`);
    expect(names(second.body.items)).toEqual(['c', 'd']);
    expect(second.body).not.toHaveProperty('metadata.continue');
    expect(await list('')).toEqual(['a', 'b', 'c', 'cc']);
  });

  it('expire, and offer to go on without the promise of one moment', async () => {
    const first = await client.get(`${pods}?limit=3`);
    client.server.compact();
    const next = encodeURIComponent(String(Reflect.get(Object(first.body.metadata), 'continue')));
    const expired = await client.get(`${pods}?limit=3&continue=${next}`);
    expect(expired).toMatchObject({
      status: 410,
      body: {
        reason: 'Expired',
        message: expect.stringMatching(
          /^The provided continue parameter is too old to display a consistent list result/,
        ),
      },
    });
    const inconsistent = encodeURIComponent(String(Reflect.get(Object(expired.body.metadata), 'continue')));
    expect(await list(`limit=3&continue=${inconsistent}`)).toEqual(['cc']);
  });

  it('count what is left only where nothing is selected', async () => {
    const { body } = await client.get(`${pods}?limit=1&labelSelector=app`);
    expect(body).toHaveProperty('metadata.continue');
    expect(body).not.toHaveProperty('metadata.remainingItemCount');
  });

  it('refuse a token that is none', async () => {
    expect(await client.get(`${pods}?limit=1&continue=abc`)).toMatchObject({
      status: 400,
      body: {
        message:
          "invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value",
      },
    });
  });
});

it('shows an earlier moment when asked for exactly that', async () => {
  const { body } = await client.create(configMaps, configMap('early'));
  const revision = Reflect.get(Object(body.metadata), 'resourceVersion');
  await client.create(configMaps, configMap('late'));
  const reply = await client.get(`${configMaps}?resourceVersion=${revision}&resourceVersionMatch=Exact`);
  expect(names(reply.body.items)).toEqual(['early', 'kube-root-ca.crt']);
});

it('says that a revision has not come yet', async () => {
  expect(await client.get(`${pods}?resourceVersion=99999999`)).toMatchObject({
    status: 504,
    headers: { 'retry-after': '1' },
    body: { reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } },
  });
});

it('spans all namespaces where none is named', async () => {
  await client.create('/api/v1/namespaces/kube-system/pods', pod('elsewhere'));
  const { body } = await client.get('/api/v1/pods');
  expect(names(body.items)).toEqual(['a', 'b', 'c', 'cc', 'elsewhere']);
});
