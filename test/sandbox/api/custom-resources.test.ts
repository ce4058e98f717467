import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient, until } from './client.ts';
import { definitions, serveWidgets, widget, widgetDefinition, widgets } from './widgets.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
  await serveWidgets(client);
});
afterAll(() => client.stop());

it('a definition becomes established, and its kind is served and discovered', async () => {
  const reply = await until(
    () => client.get(`${definitions}/widgets.example.com`),
    ({ text }) => text.includes('Established'),
  );
  expect(reply.body).toMatchObject({
    status: {
      acceptedNames: { kind: 'Widget', listKind: 'WidgetList' },
      storedVersions: ['v1'],
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts' },
        { type: 'Established', status: 'True', reason: 'InitialNamesAccepted' },
      ],
    },
  });
  expect(await client.get('/apis/example.com')).toMatchObject({
    body: {
      kind: 'APIGroup',
      versions: [{ version: 'v1' }, { version: 'v1alpha1' }],
      preferredVersion: { groupVersion: 'example.com/v1' },
    },
  });
  expect(await client.get('/apis/example.com/v1')).toMatchObject({
    body: {
      resources: [
        { name: 'widgets', kind: 'Widget', namespaced: true, shortNames: ['wd'] },
        { name: 'widgets/status' },
        { name: 'widgets/scale', kind: 'Scale', group: 'autoscaling' },
      ],
    },
  });
});

describe('validation', () => {
  it.each([
    [{ mode: 'z' }, 'spec.mode: Unsupported value: "z": supported values: "a", "b"'],
    [{}, 'spec.mode: Required value'],
    [
      { mode: 'a', replicas: 11 },
      'spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10',
    ],
    [{ mode: 'a', name: 'AB' }, 'spec.name: Invalid value: "AB": spec.name in body should match \'^[a-z]+$\''],
    [{ mode: 'a', name: 'a' }, 'spec.name: Invalid value: "a": spec.name in body should be at least 2 chars long'],
    [{ mode: 'a', name: 'abcdef' }, 'spec.name: Too long: may not be more than 5 bytes'],
    [{ mode: 'a', items: [] }, 'spec.items: Invalid value: 0: spec.items in body should have at least 1 items'],
    [{ mode: 'a', items: ['a', 'b', 'c'] }, 'spec.items: Too many: 3: must have at most 2 items'],
    [
      { mode: 'a', port: {} },
      'spec.port: Invalid value: "object": spec.port in body must be of type integer,string: "object"',
    ],
    [
      { mode: 'a', labels: { a: 1 } },
      'spec.labels.a: Invalid value: "integer": spec.labels.a in body must be of type string: "integer"',
    ],
    [{ mode: 'a', parts: [{ name: 'a' }, { name: 'a' }] }, 'spec.parts[1]: Duplicate value: {"name":"a"}'],
    [{ mode: 'a', parts: [{ size: 1 }] }, 'spec.parts[0].name: Required value'],
    [
      { mode: 'a', when: 'yesterday' },
      'spec.when: Invalid value: "yesterday": spec.when in body must be of type date-time: "yesterday"',
    ],
    ['text', 'spec: Invalid value: "string": spec in body must be of type object: "string"'],
  ])('%j is refused: %s', async (spec, fault) => {
    expect(await client.create(widgets, widget('invalid', spec))).toMatchObject({
      status: 422,
      body: {
        reason: 'Invalid',
        message: `Widget.example.com "invalid" is invalid: ${fault}`,
        details: { name: 'invalid', group: 'example.com', kind: 'Widget' },
      },
    });
  });

  it('lists every fault, each with its field', async () => {
    expect(await client.create(widgets, widget('invalid', { mode: 'z', replicas: 'x' }))).toMatchObject({
      body: {
        message: expect.stringMatching(
          /^Widget\.example\.com "invalid" is invalid: \[spec\.mode: .*, spec\.replicas: .*\]$/,
        ),
        details: {
          causes: [
            { reason: 'FieldValueNotSupported', field: 'spec.mode' },
            { reason: 'FieldValueTypeInvalid', field: 'spec.replicas' },
          ],
        },
      },
    });
  });
});

it('fills in defaults, drops what the schema does not know, and keeps what it leaves open', async () => {
  const spec = { mode: 'a', foo: 1, port: 'http', free: { any: { thing: 1 } }, empty: null, parts: [{ name: 'p' }] };
  const template = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', odd: 1 }, extra: 1 };
  const reply = await client.create(widgets, widget('shaped', { ...spec, template }, { status: { ready: true } }));
  expect(reply.status).toBe(201);
  expect(reply.body).toHaveProperty('spec', {
    mode: 'a',
    replicas: 1,
    port: 'http',
    free: { any: { thing: 1 } },
    empty: null,
    parts: [{ name: 'p', size: 3 }],
    template: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, extra: 1 },
  });
  expect(reply.body).not.toHaveProperty('status');
  expect(reply.headers.warning).toBe(
    '299 - "unknown field \\"spec.foo\\"", 299 - "unknown field \\"spec.template.metadata.odd\\""',
  );
});

it('shows an object in every served version', async () => {
  await client.create(widgets, widget('seen', { mode: 'b' }));
  expect(await client.get('/apis/example.com/v1alpha1/namespaces/default/widgets/seen')).toMatchObject({
    status: 200,
    body: { apiVersion: 'example.com/v1alpha1', kind: 'Widget', spec: { mode: 'b' } },
  });
});

it('keeps status and spec apart', async () => {
  await client.create(widgets, widget('split', { mode: 'a' }));
  const path = `${widgets}/split`;
  expect(await client.merge(`${path}/status`, { spec: { mode: 'b' }, status: { ready: true } })).toMatchObject({
    body: { spec: { mode: 'a' }, status: { ready: true }, metadata: { generation: 1 } },
  });
  expect(await client.merge(path, { spec: { mode: 'b' }, status: { ready: false } })).toMatchObject({
    body: { spec: { mode: 'b' }, status: { ready: true }, metadata: { generation: 2 } },
  });
});

it('scales through the paths that the definition names', async () => {
  await client.create(widgets, widget('sized', { mode: 'a' }));
  await client.merge(`${widgets}/sized/status`, { status: { replicas: 2 } });
  expect(await client.get(`${widgets}/sized/scale`)).toMatchObject({
    body: { kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 1 }, status: { replicas: 2 } },
  });
  await client.merge(`${widgets}/sized/scale`, { spec: { replicas: 5 } });
  expect(await client.get(`${widgets}/sized`)).toMatchObject({ body: { spec: { replicas: 5 } } });
});

it('needs the revision that an update is based on', async () => {
  await client.create(widgets, widget('blind', { mode: 'a' }));
  expect(await client.replace(`${widgets}/blind`, widget('blind', { mode: 'b' }))).toMatchObject({
    status: 422,
    body: {
      message:
        'widgets.example.com "blind" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    },
  });
});

it('refuses a definition of another name', async () => {
  const definition = { ...widgetDefinition, metadata: { name: 'others' } };
  expect(await client.create(definitions, definition)).toMatchObject({
    status: 422,
    body: {
      message:
        'CustomResourceDefinition.apiextensions.k8s.io "others" is invalid: metadata.name: Invalid value: "others": must be spec.names.plural+"."+spec.group',
    },
  });
});

it('a definition that goes takes its objects along, and waits for their finalizers', async () => {
  const own = await startClient();
  await serveWidgets(own);
  const held = { metadata: { name: 'held', finalizers: ['example.com/hold'] } };
  await own.create(widgets, widget('held', { mode: 'a' }, held));
  await own.create(widgets, widget('free', { mode: 'a' }));
  await own.remove(`${definitions}/widgets.example.com`);
  const waiting = await until(
    () => own.get(`${definitions}/widgets.example.com`),
    ({ text }) => text.includes('InstanceDeletionInProgress'),
  );
  expect(waiting.body).toHaveProperty('metadata.deletionTimestamp');
  expect((await own.get(`${widgets}/free`)).status).toBe(404);
  expect(await own.create(widgets, widget('late', { mode: 'a' }))).toMatchObject({
    status: 403,
    body: {
      message:
        'widgets.example.com "late" is forbidden: create not allowed while custom resource definition is terminating',
    },
  });
  await own.merge(`${widgets}/held`, { metadata: { finalizers: null } });
  await until(
    () => own.get('/apis/example.com'),
    ({ status }) => status === 404,
  );
  expect(await own.get(widgets)).toMatchObject({ status: 404, text: '404 page not found\n' });
  await own.stop();
});
