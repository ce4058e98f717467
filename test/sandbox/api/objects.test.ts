import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, configMap, configMaps, pod, pods, startClient } from './client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.stop());

const failure = (code: number, reason: string, message: string) => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message },
});

describe('creating', () => {
  it('gives the object its identity', async () => {
    const reply = await client.create(configMaps, configMap('first', { a: 'b' }));
    expect(reply).toMatchObject({
      status: 201,
      body: {
        kind: 'ConfigMap',
        data: { a: 'b' },
        metadata: {
          name: 'first',
          namespace: 'default',
          uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
          resourceVersion: expect.stringMatching(/^\d+$/),
          creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        },
      },
    });
    expect(await client.get(`${configMaps}/first`)).toMatchObject({ status: 200, body: reply.body });
  });

  it('makes names from a prefix', async () => {
    const reply = await client.create(configMaps, configMap('', {}, { generateName: 'made-' }));
    expect(reply).toMatchObject({
      status: 201,
      body: { metadata: { generateName: 'made-', name: expect.stringMatching(/^made-[a-z0-9]{5}$/) } },
    });
  });

  it('refuses a name that is taken', async () => {
    await client.create(configMaps, configMap('taken'));
    expect(await client.create(configMaps, configMap('taken'))).toMatchObject({
      ...failure(409, 'AlreadyExists', 'configmaps "taken" already exists'),
    });
  });

  it('keeps nothing of a dry run', async () => {
    expect(await client.create(`${configMaps}?dryRun=All`, configMap('dry'))).toMatchObject({ status: 201 });
    expect(await client.get(`${configMaps}/dry`)).toMatchObject(failure(404, 'NotFound', 'configmaps "dry" not found'));
  });

  it.each([
    [
      'a name with capitals',
      configMap('Bad_Name'),
      422,
      /^ConfigMap "Bad_Name" is invalid: metadata\.name: Invalid value/,
    ],
    ['no name at all', configMap(''), 422, /metadata\.name: Required value: name or generateName is required$/],
    [
      'a label that is no text',
      configMap('x', {}, { labels: { a: 1 } }),
      400,
      /cannot unmarshal number into Go struct field ObjectMeta\.metadata\.labels of type string$/,
    ],
    [
      'a label with a space',
      configMap('x', {}, { labels: { a: 'b c' } }),
      422,
      /metadata\.labels: Invalid value: "b c": a valid label must be/,
    ],
    [
      'another namespace',
      configMap('x', {}, { namespace: 'other' }),
      400,
      /^the namespace of the provided object does not match the namespace sent on the request$/,
    ],
    [
      'a field of the wrong type',
      { ...pod('x'), kind: 'ConfigMap', data: 'text' },
      400,
      /^ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal string/,
    ],
    ['another kind', pod('x'), 400, /^Pod in version "v1" cannot be handled as a ConfigMap/],
    ['JSON that ends early', '{"a":', 400, /json parse error: unexpected end of JSON input \(\{"a":\)$/],
  ])('refuses %s', async (_what, body, status, message) => {
    expect(await client.create(configMaps, body)).toMatchObject({
      status,
      body: { message: expect.stringMatching(message) },
    });
  });

  it('refuses a namespace that is not there', async () => {
    expect(await client.create('/api/v1/namespaces/nowhere/configmaps', configMap('x'))).toMatchObject(
      failure(404, 'NotFound', 'namespaces "nowhere" not found'),
    );
  });

  it('warns of unknown fields, drops them, and refuses them when asked to be strict', async () => {
    const odd = pod('odd', { surprise: 1 });
    expect(await client.create(`${pods}?fieldValidation=Strict`, odd)).toMatchObject(
      failure(
        400,
        'BadRequest',
        'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.surprise"',
      ),
    );
    const reply = await client.create(pods, odd);
    expect(reply).toMatchObject({ status: 201, headers: { warning: '299 - "unknown field \\"spec.surprise\\""' } });
    expect(reply.body).not.toHaveProperty('spec.surprise');
  });
});

it('reads the protobuf of typed clients', async () => {
  const field = (number: number, content: Buffer | string): Buffer => {
    const bytes = Buffer.from(content);
    return Buffer.concat([Buffer.of(number * 8 + 2, bytes.length), bytes]);
  };
  const label = field(11, Buffer.concat([field(1, 'team'), field(2, 'blue')]));
  const metadata = Buffer.concat([field(1, 'typed'), label]);
  const data = field(2, Buffer.concat([field(1, 'key'), field(2, 'value')]));
  const envelope = Buffer.concat([
    Buffer.from('k8s\0'),
    field(1, Buffer.concat([field(1, 'v1'), field(2, 'ConfigMap')])),
    field(2, Buffer.concat([field(1, metadata), data])),
  ]);
  const reply = await client.send(configMaps, {
    method: 'POST',
    type: 'application/vnd.kubernetes.protobuf',
    body: envelope,
  });
  expect(reply).toMatchObject({
    status: 201,
    body: { metadata: { name: 'typed', labels: { team: 'blue' } }, data: { key: 'value' } },
  });
});

describe('changing', () => {
  it('counts generations of the spec alone', async () => {
    const path = '/apis/apps/v1/namespaces/default/deployments';
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'counted' },
      spec: {
        selector: { matchLabels: { app: 'counted' } },
        template: { metadata: { labels: { app: 'counted' } }, spec: pod('x').spec },
      },
    };
    expect(await client.create(path, deployment)).toMatchObject({
      body: { metadata: { generation: 1 }, spec: { replicas: 1, strategy: { type: 'RollingUpdate' } } },
    });
    expect(await client.merge(`${path}/counted`, { metadata: { labels: { a: 'b' } } })).toMatchObject({
      body: { metadata: { generation: 1 } },
    });
    expect(await client.merge(`${path}/counted/status`, { status: { replicas: 1 } })).toMatchObject({
      body: { metadata: { generation: 1 }, status: { replicas: 1 } },
    });
    expect(await client.merge(`${path}/counted`, { spec: { replicas: 2 }, status: { replicas: 9 } })).toMatchObject({
      body: { metadata: { generation: 2 }, spec: { replicas: 2 }, status: { replicas: 1 } },
    });
  });

  it('keeps the revision where nothing changes', async () => {
    const { body } = await client.create(configMaps, configMap('same', { a: 'b' }));
    expect(await client.merge(`${configMaps}/same`, { data: { a: 'b' } })).toMatchObject({ body });
  });

  it('refuses an update of an old revision', async () => {
    const { body } = await client.create(configMaps, configMap('raced'));
    await client.merge(`${configMaps}/raced`, { data: { a: 'b' } });
    expect(await client.replace(`${configMaps}/raced`, body)).toMatchObject(
      failure(
        409,
        'Conflict',
        'Operation cannot be fulfilled on configmaps "raced": the object has been modified; please apply your changes to the latest version and try again',
      ),
    );
  });

  it('refuses another name than the one on the URL', async () => {
    await client.create(configMaps, configMap('named'));
    expect(await client.replace(`${configMaps}/named`, configMap('other'))).toMatchObject(
      failure(400, 'BadRequest', 'the name of the object (other) does not match the name on the URL (named)'),
    );
  });
});

describe('what is not served', () => {
  it.each([
    ['/api/v1/foos', 404, 'the server could not find the requested resource'],
    ['/apis/apps/v1/foos', 404, 'the server could not find the requested resource'],
    ['/api/v1/namespaces/default/pods/x/foo', 404, 'the server could not find the requested resource'],
    ['/api/v1/pods/x', 404, 'the server could not find the requested resource'],
  ])('%s is said to be missing', async (path, status, message) => {
    expect(await client.get(path)).toMatchObject({ status, body: { kind: 'Status', reason: 'NotFound', message } });
  });

  it('groups that nobody serves get plain text', async () => {
    expect(await client.get('/apis/nobody.io/v1/foos')).toMatchObject({ status: 404, text: '404 page not found\n' });
  });

  it('methods that a path does not take are refused', async () => {
    expect(await client.replace(pods, pod('x'))).toMatchObject(
      failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource'),
    );
  });
});
