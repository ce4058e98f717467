import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, configMap, configMaps, pod, startClient } from './client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
  await client.create(configMaps, configMap('patched', { a: '1', b: '2' }));
});
afterAll(() => client.stop());

const path = `${configMaps}/patched`;
const patch = (type: string, body: unknown, target = path) => client.send(target, { method: 'PATCH', type, body });

it('merges with a merge patch, in which null removes', async () => {
  const reply = await client.merge(path, { data: { a: null, c: '3' } });
  expect(reply).toMatchObject({ status: 200, body: { data: { b: '2', c: '3' } } });
  expect(reply.body).not.toHaveProperty('data.a');
});

it('carries out a JSON patch step by step', async () => {
  const steps = [
    { op: 'test', path: '/data/b', value: '2' },
    { op: 'move', from: '/data/b', path: '/data/moved' },
    { op: 'add', path: '/metadata/labels', value: { 'example.com/x': 'y' } },
    { op: 'replace', path: '/metadata/labels/example.com~1x', value: 'z' },
  ];
  const reply = await patch('application/json-patch+json', steps);
  expect(reply).toMatchObject({
    status: 200,
    body: { data: { moved: '2' }, metadata: { labels: { 'example.com/x': 'z' } } },
  });
});

it('refuses a JSON patch whose test fails, and changes nothing', async () => {
  const before = await client.get(path);
  const steps = [
    { op: 'add', path: '/data/new', value: '1' },
    { op: 'test', path: '/data/moved', value: 'no' },
  ];
  expect(await patch('application/json-patch+json', steps)).toMatchObject({
    status: 422,
    body: { reason: 'Invalid', message: 'the server rejected our request due to an error in our request' },
  });
  expect((await client.get(path)).body).toEqual(before.body);
});

it('merges keyed lists item by item with a strategic merge patch', async () => {
  const deployments = '/apis/apps/v1/namespaces/default/deployments';
  const container = (more: object) => ({ name: 'main', ...more });
  await client.create(deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: pod('x', {
          containers: [
            container({
              image: 'a:1',
              env: [
                { name: 'A', value: '1' },
                { name: 'B', value: '2' },
              ],
            }),
          ],
        }).spec,
      },
    },
  });
  const change = container({
    image: 'a:2',
    env: [
      { name: 'B', $patch: 'delete' },
      { name: 'C', value: '3' },
    ],
  });
  const body = { spec: { template: { spec: { containers: [change] } } } };
  const reply = await patch('application/strategic-merge-patch+json', body, `${deployments}/web`);
  expect(reply).toMatchObject({
    status: 200,
    body: {
      spec: {
        template: {
          spec: {
            containers: [
              {
                image: 'a:2',
                env: [
                  { name: 'A', value: '1' },
                  { name: 'C', value: '3' },
                ],
              },
            ],
          },
        },
      },
    },
  });
});

it('names the patches that it takes', async () => {
  expect(await patch('application/json', {})).toMatchObject({
    status: 415,
    body: {
      reason: 'UnsupportedMediaType',
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml',
    },
  });
});

it('refuses options that mean nothing', async () => {
  expect(await client.merge(`${path}?force=true`, {})).toMatchObject({
    status: 422,
    body: {
      message: 'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    },
  });
  expect(await client.merge(`${path}?dryRun=Some`, {})).toMatchObject({
    status: 422,
    body: {
      message: 'PatchOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
    },
  });
});
