import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, pod, pods, startClient } from './client.ts';
import { serveWidgets, widget, widgets } from './widgets.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
  await serveWidgets(client);
  await client.create(widgets, widget('shown', { mode: 'a' }));
  await client.create(pods, pod('shown'));
});
afterAll(() => client.stop());

it('says what it is and that it is well', async () => {
  expect(await client.get('/version')).toMatchObject({ body: { major: '1', minor: '35', gitVersion: 'v1.35.4' } });
  for (const path of ['/healthz', '/livez', '/readyz']) {
    expect(await client.get(path)).toMatchObject({ status: 200, text: 'ok' });
  }
});

it('lists groups, versions and resources', async () => {
  expect(await client.get('/api')).toMatchObject({ body: { kind: 'APIVersions', versions: ['v1'] } });
  expect(await client.get('/apis')).toMatchObject({
    body: {
      kind: 'APIGroupList',
      groups: expect.arrayContaining([
        expect.objectContaining({ name: 'apps', preferredVersion: { groupVersion: 'apps/v1', version: 'v1' } }),
        expect.objectContaining({ name: 'example.com' }),
      ]),
    },
  });
  expect(await client.get('/api/v1')).toMatchObject({
    body: {
      kind: 'APIResourceList',
      groupVersion: 'v1',
      resources: expect.arrayContaining([
        expect.objectContaining({ name: 'pods', kind: 'Pod', shortNames: ['po'], namespaced: true }),
        expect.objectContaining({ name: 'pods/log', kind: 'Pod', verbs: ['get'] }),
      ]),
    },
  });
});

it('tells everything in one answer to those who ask for that', async () => {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
  const reply = await client.get('/apis', { headers: { accept } });
  expect(reply.headers['content-type']).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
  expect(reply.body).toMatchObject({
    kind: 'APIGroupDiscoveryList',
    items: expect.arrayContaining([
      {
        metadata: { name: 'example.com' },
        versions: [
          {
            version: 'v1',
            freshness: 'Current',
            resources: [
              expect.objectContaining({
                resource: 'widgets',
                scope: 'Namespaced',
                responseKind: { group: 'example.com', version: 'v1', kind: 'Widget' },
              }),
            ],
          },
          expect.objectContaining({ version: 'v1alpha1' }),
        ],
      },
    ]),
  });
});

it('publishes schemas', async () => {
  const { body } = await client.get('/openapi/v3');
  expect(body).toMatchObject({
    paths: {
      'apis/example.com/v1': {
        serverRelativeURL: expect.stringMatching(/^\/openapi\/v3\/apis\/example\.com\/v1\?hash=/),
      },
    },
  });
  expect(await client.get('/openapi/v3/apis/example.com/v1')).toMatchObject({
    body: {
      openapi: '3.0.0',
      components: {
        schemas: { 'example.com.v1.Widget': { properties: { spec: { properties: { mode: { enum: ['a', 'b'] } } } } } },
      },
    },
  });
});

describe('other forms of an object', () => {
  const as = (form: string) => ({ headers: { accept: `application/json;as=${form};v=v1;g=meta.k8s.io` } });

  it('are tables, with the columns of a definition', async () => {
    expect(await client.get(widgets, as('Table'))).toMatchObject({
      body: {
        kind: 'Table',
        columnDefinitions: [{ name: 'Name' }, { name: 'Mode' }, { name: 'Ready' }],
        rows: [{ cells: ['shown', 'a', null], object: { kind: 'PartialObjectMetadata', metadata: { name: 'shown' } } }],
      },
    });
  });

  it('are tables of built-in kinds', async () => {
    const { body } = await client.get(pods, as('Table'));
    expect(body).toMatchObject({
      columnDefinitions: [
        { name: 'Name' },
        { name: 'Ready' },
        { name: 'Status' },
        { name: 'Restarts' },
        { name: 'Age' },
        { name: 'IP', priority: 1 },
        { name: 'Node' },
        { name: 'Nominated Node' },
        { name: 'Readiness Gates' },
      ],
      rows: [
        {
          cells: [
            'shown',
            '0/1',
            'Pending',
            '0',
            expect.stringMatching(/^\d+s$/),
            '<none>',
            '<none>',
            '<none>',
            '<none>',
          ],
        },
      ],
    });
  });

  it('are the metadata alone', async () => {
    const { body } = await client.get(`${widgets}/shown`, as('PartialObjectMetadata'));
    expect(body).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'shown' } });
    expect(body).not.toHaveProperty('spec');
  });

  it('are refused where nobody knows them', async () => {
    expect(await client.get(pods, { headers: { accept: 'application/xml' } })).toMatchObject({
      status: 406,
      body: { reason: 'NotAcceptable' },
    });
  });
});
