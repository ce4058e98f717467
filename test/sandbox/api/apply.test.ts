import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from './client.ts';
import { serveWidgets, widget, widgets } from './widgets.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
  await serveWidgets(client);
});
afterAll(() => client.stop());

const path = (name: string) => `${widgets}/${name}`;

it('creates the object and writes down who owns which field', async () => {
  const spec = { mode: 'a', parts: [{ name: 'p', size: 1 }, { name: 'q' }], items: ['x'] };
  expect(await client.apply(path('owned'), 'one', widget('owned', spec))).toMatchObject({
    status: 201,
    body: {
      spec: {
        mode: 'a',
        replicas: 1,
        parts: [
          { name: 'p', size: 1 },
          { name: 'q', size: 3 },
        ],
      },
      metadata: {
        generation: 1,
        managedFields: [
          {
            manager: 'one',
            operation: 'Apply',
            apiVersion: 'example.com/v1',
            fieldsType: 'FieldsV1',
            fieldsV1: {
              'f:spec': {
                'f:items': {},
                'f:mode': {},
                'f:parts': {
                  'k:{"name":"p"}': { '.': {}, 'f:name': {}, 'f:size': {} },
                  'k:{"name":"q"}': { '.': {}, 'f:name': {} },
                },
              },
            },
          },
        ],
      },
    },
  });
});

it('changes nothing when the same is applied again', async () => {
  const first = await client.apply(path('same'), 'one', widget('same', { mode: 'a' }));
  const second = await client.apply(path('same'), 'one', widget('same', { mode: 'a' }));
  expect(second.status).toBe(200);
  expect(second.body).toEqual(first.body);
});

it('refuses to take a field from another applier, and names both', async () => {
  await client.apply(path('fought'), 'one', widget('fought', { mode: 'a' }));
  expect(await client.apply(path('fought'), 'two', widget('fought', { mode: 'b' }))).toMatchObject({
    status: 409,
    body: {
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "one": .spec.mode',
      details: {
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.spec.mode' }],
      },
    },
  });
});

it('lists every conflict under its manager', async () => {
  const spec = { mode: 'a', parts: [{ name: 'p', size: 1 }] };
  await client.apply(path('many'), 'one', widget('many', spec));
  const other = { mode: 'b', parts: [{ name: 'p', size: 2 }] };
  expect(await client.apply(path('many'), 'two', widget('many', other))).toMatchObject({
    status: 409,
    body: {
      message: 'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.mode\n- .spec.parts[name="p"].size',
    },
  });
});

it('says which version an editor used that owns the field', async () => {
  await client.apply(path('edited'), 'one', widget('edited', { mode: 'a' }));
  await client.merge(`${path('edited')}?fieldManager=kubectl-edit`, { spec: { replicas: 7 } });
  expect(await client.apply(path('edited'), 'one', widget('edited', { mode: 'a', replicas: 3 }))).toMatchObject({
    status: 409,
    body: {
      message: 'Apply failed with 1 conflict: conflict with "kubectl-edit" using example.com/v1: .spec.replicas',
    },
  });
});

it('takes the field when forced, and the other no longer owns it', async () => {
  await client.apply(path('forced'), 'one', widget('forced', { mode: 'a' }));
  const reply = await client.apply(`${path('forced')}?force=true`, 'two', widget('forced', { mode: 'b' }));
  expect(reply).toMatchObject({
    status: 200,
    body: { spec: { mode: 'b' }, metadata: { managedFields: [{ manager: 'two', operation: 'Apply' }] } },
  });
  expect(reply).toHaveProperty('body.metadata.managedFields.length', 1);
});

it('shares a field that both want alike', async () => {
  await client.apply(path('shared'), 'one', widget('shared', { mode: 'a' }));
  expect(await client.apply(path('shared'), 'two', widget('shared', { mode: 'a' }))).toMatchObject({
    status: 200,
    // The second one changed nothing, so that it has no time.
    body: { metadata: { managedFields: [{ manager: 'two' }, { manager: 'one', time: expect.any(String) }] } },
  });
});

it('removes what the applier no longer says, but not what another owns', async () => {
  const both = { mode: 'a', parts: [{ name: 'p' }, { name: 'q' }], labels: { x: '1' } };
  await client.apply(path('shrunk'), 'one', widget('shrunk', both));
  await client.apply(path('shrunk'), 'two', widget('shrunk', { mode: 'a', parts: [{ name: 'r' }] }));
  const reply = await client.apply(path('shrunk'), 'one', widget('shrunk', { mode: 'a' }));
  expect(reply).toMatchObject({ status: 200, body: { spec: { mode: 'a', parts: [{ name: 'r' }] } } });
  expect(reply).toHaveProperty('body.spec.parts.length', 1);
  expect(reply.body).not.toHaveProperty('spec.labels');
});

it('writes the status for its own owner', async () => {
  await client.apply(path('told'), 'one', widget('told', { mode: 'a' }));
  const status = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'told' }, status: { ready: true } };
  expect(await client.apply(`${path('told')}/status`, 'operator', status)).toMatchObject({
    status: 200,
    body: {
      spec: { mode: 'a' },
      status: { ready: true },
      metadata: {
        generation: 1,
        managedFields: [
          { manager: 'one' },
          { manager: 'operator', subresource: 'status', fieldsV1: { 'f:status': { 'f:ready': {} } } },
        ],
      },
    },
  });
});

it('owns the ports of a built-in kind by their keys', async () => {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'keyed' },
    spec: { selector: { app: 'x' }, ports: [{ port: 80, name: 'http' }] },
  };
  expect(await client.apply('/api/v1/namespaces/default/services/keyed', 'one', service)).toMatchObject({
    status: 201,
    body: {
      spec: { ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }], clusterIP: expect.stringMatching(/^10\.96\./) },
      metadata: {
        managedFields: [
          {
            fieldsV1: {
              'f:spec': {
                'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } },
                'f:selector': {},
              },
            },
          },
        ],
      },
    },
  });
});

it.each([
  ['an unknown field', { mode: 'a', foo: 1 }, 500, '.spec.foo: field not declared in schema'],
  [
    'text for a number',
    { mode: 'a', replicas: 'x' },
    500,
    '.spec.replicas: expected numeric (int or float), got string',
  ],
  ['a map for a list', { mode: 'a', parts: {} }, 500, '.spec.parts: expected list, got &{map[]}'],
  [
    'an item twice',
    { mode: 'a', parts: [{ name: 'p' }, { name: 'p' }] },
    500,
    '.spec.parts: duplicate entries for key [name="p"]',
  ],
])('refuses %s', async (_what, spec, status, fault) => {
  expect(await client.apply(path('misfit'), 'one', widget('misfit', spec))).toMatchObject({
    status,
    body: {
      code: 500,
      message: `failed to create typed patch object (/misfit; example.com/v1, Kind=Widget): ${fault}`,
    },
  });
});

it('needs a manager', async () => {
  const reply = await client.send(path('nobody'), {
    method: 'PATCH',
    type: 'application/apply-patch+yaml',
    body: widget('nobody', { mode: 'a' }),
  });
  expect(reply).toMatchObject({
    status: 422,
    body: {
      message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    },
  });
});

it('shows in a dry run what it would make, and keeps nothing', async () => {
  await client.apply(path('tried'), 'one', widget('tried', { mode: 'a' }));
  expect(
    await client.apply(`${path('tried')}?dryRun=All`, 'one', widget('tried', { mode: 'a', name: 'abc' })),
  ).toMatchObject({ status: 200, body: { spec: { name: 'abc' }, metadata: { generation: 2 } } });
  const { body } = await client.get(path('tried'));
  expect(body).not.toHaveProperty('spec.name');
  expect(body).toHaveProperty('metadata.generation', 1);
});

it('reads a configuration in YAML', async () => {
  const yaml = 'apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: written\nspec:\n  mode: b\n';
  expect(await client.apply(path('written'), 'one', yaml)).toMatchObject({
    status: 201,
    body: { spec: { mode: 'b' } },
  });
});

it('names the program that created the object when it owns the field', async () => {
  await client.create(widgets, widget('older', { mode: 'a' }));
  const reply = await client.apply(path('older'), 'one', widget('older', { mode: 'b' }));
  expect(reply).toMatchObject({
    status: 409,
    body: { message: 'Apply failed with 1 conflict: conflict with "transcript" using example.com/v1: .spec.mode' },
  });
});

it('with a resourceVersion creates what is not there and changes only what stands in that version', async () => {
  const versioned = (mode: string, resourceVersion: string) => ({
    ...widget('versioned', { mode }),
    metadata: { name: 'versioned', resourceVersion },
  });
  const apply = (mode: string, version: string) => client.apply(path('versioned'), 'one', versioned(mode, version));
  expect(await apply('a', 'abc')).toMatchObject({
    status: 500,
    body: { message: 'strconv.ParseUint: parsing "abc": invalid syntax' },
  });
  expect(await client.apply(`${path('versioned')}?dryRun=All`, 'one', versioned('a', '1'))).toMatchObject({
    status: 201,
    body: { metadata: { resourceVersion: '1' } },
  });
  const created = await apply('a', '1');
  expect(created.status).toBe(201);
  expect(await apply('a', '1')).toMatchObject({
    status: 409,
    body: { reason: 'Conflict', message: expect.stringContaining('the object has been modified') },
  });
  const version = String(Reflect.get(Object(Reflect.get(Object(created.body), 'metadata')), 'resourceVersion'));
  expect(await apply('b', version)).toMatchObject({ status: 200, body: { spec: { mode: 'b' } } });
});

describe('over what kubectl applied client-side', () => {
  const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
  const appliedBefore = async (name: string, live: string) => {
    const configuration = JSON.stringify(widget(name, { mode: 'a' }));
    const object = widget(name, { mode: live });
    const annotated = { ...object, metadata: { name, annotations: { [annotation]: configuration } } };
    await client.create(`${widgets}?fieldManager=kubectl-client-side-apply`, annotated);
  };

  it('takes over, for kubectl, and keeps the annotation true', async () => {
    await appliedBefore('taken', 'a');
    const next = widget('taken', { mode: 'b' });
    expect(await client.apply(path('taken'), 'stranger', next)).toMatchObject({ status: 409 });
    const reply = await client.apply(path('taken'), 'kubectl', next);
    expect(reply).toMatchObject({ status: 200, body: { spec: { mode: 'b' } } });
    expect(reply).toHaveProperty(
      ['body', 'metadata', 'annotations', annotation],
      `{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"taken"},"spec":{"mode":"b"}}\n`,
    );
  });

  it('refuses what somebody has changed since', async () => {
    await appliedBefore('changed', 'b');
    expect(await client.apply(path('changed'), 'kubectl', widget('changed', { mode: 'a' }))).toMatchObject({
      status: 409,
    });
  });
});

it('keeps an object whose applier no longer says any labels', async () => {
  const labelled = { ...widget('bare', { mode: 'a' }), metadata: { name: 'bare', labels: { team: 'light' } } };
  await client.apply(path('bare'), 'one', labelled);
  const reply = await client.apply(path('bare'), 'one', widget('bare', { mode: 'a' }));
  expect(reply).toMatchObject({ status: 200, body: { metadata: { name: 'bare', uid: expect.any(String) } } });
  expect(reply).not.toHaveProperty('body.metadata.labels');
});
