import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogLine, PodBackend } from '../../../src/sandbox/api/server.ts';
import { type Client, pod, pods, startClient } from './client.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const lines = ['one', 'two', 'three'].map((text, index): LogLine => ({ time: new Date(start + index * 1000), text }));

async function* logOf(all: readonly LogLine[]): AsyncGenerator<LogLine> {
  yield* all;
}

const backend: PodBackend = {
  logs: (_pod, { tailLines, previous }) =>
    logOf(previous ? [{ time: new Date(start), text: 'before' }] : lines.slice(-(tailLines ?? 3))),
  async proxy(target, { method, path, body, port }) {
    if (port !== 8080) return undefined;
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ pod: target.metadata.name, method, path, body: body.toString() }),
    };
  },
};

let client: Client;
beforeAll(async () => {
  client = await startClient();
  client.server.setPodBackend(backend);
  const ports = [{ name: 'http', containerPort: 8080 }];
  const containers = [{ name: 'main', image: 'example.com/main:1', ports }];
  await client.create(pods, pod('ready', { containers }, { labels: { app: 'web' } }));
  await client.create(pods, pod('waiting', { containers }, { labels: { app: 'web' } }));
  await client.create(
    pods,
    pod('pair', { containers: [...containers, { name: 'side', image: 'example.com/side:1' }] }),
  );
  for (const name of ['ready', 'waiting', 'pair']) {
    await client.create(`${pods}/${name}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name },
      target: { apiVersion: 'v1', kind: 'Node', name: 'node-1' },
    });
  }
  await client.merge(`${pods}/ready/status`, {
    status: { phase: 'Running', podIP: '10.244.0.2', conditions: [{ type: 'Ready', status: 'True' }] },
  });
  await client.merge(`${pods}/waiting/status`, {
    status: { containerStatuses: [{ name: 'main', state: { waiting: { reason: 'ImagePullBackOff' } } }] },
  });
  await client.create('/api/v1/namespaces/default/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  });
  await client.create('/api/v1/namespaces/default/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'idle' },
    spec: { selector: { app: 'nobody' }, ports: [{ port: 80 }] },
  });
});
afterAll(() => client.stop());

it('a new pod is completed as the real server completes it', async () => {
  const reply = await client.create(
    pods,
    pod('fresh', { containers: [{ name: 'main', image: 'x', resources: { limits: { 'nvidia.com/gpu': 1 } } }] }),
  );
  expect(reply).toMatchObject({
    status: 201,
    body: {
      metadata: { generation: 1 },
      spec: {
        serviceAccountName: 'default',
        restartPolicy: 'Always',
        dnsPolicy: 'ClusterFirst',
        schedulerName: 'default-scheduler',
        priority: 0,
        containers: [
          {
            imagePullPolicy: 'Always',
            resources: { limits: { 'nvidia.com/gpu': '1' }, requests: { 'nvidia.com/gpu': '1' } },
          },
        ],
        tolerations: [{ key: 'node.kubernetes.io/not-ready' }, { key: 'node.kubernetes.io/unreachable' }],
      },
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    },
  });
});

it('is put on a node once', async () => {
  const binding = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name: 'ready' },
    target: { apiVersion: 'v1', kind: 'Node', name: 'node-2' },
  };
  expect(await client.create(`${pods}/ready/binding`, binding)).toMatchObject({
    status: 409,
    body: {
      message: 'Operation cannot be fulfilled on pods/binding "ready": pod ready is already assigned to node "node-1"',
    },
  });
  expect(await client.get(`${pods}?fieldSelector=spec.nodeName%3Dnode-1,metadata.name%3Dready`)).toMatchObject({
    body: { items: [{ spec: { nodeName: 'node-1' } }] },
  });
});

it('cannot be changed but in a few fields', async () => {
  expect(await client.merge(`${pods}/ready`, { spec: { restartPolicy: 'Never' } })).toMatchObject({
    status: 422,
    body: { message: expect.stringContaining('spec: Forbidden: pod updates may not change fields other than') },
  });
});

it('needs a ServiceAccount that is there', async () => {
  expect(await client.create(pods, pod('x', { serviceAccountName: 'nobody' }))).toMatchObject({
    status: 403,
    body: {
      message:
        'pods "x" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found',
    },
  });
});

describe('logs', () => {
  it('are the lines of the container', async () => {
    expect(await client.get(`${pods}/ready/log`)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/plain' },
      text: 'one\ntwo\nthree\n',
    });
    expect((await client.get(`${pods}/ready/log?tailLines=1&timestamps=true`)).text).toBe(
      '2026-01-01T00:00:02.000000000Z three\n',
    );
  });

  it.each([
    ['pair/log', 400, 'a container name must be specified for pod pair, choose one of: [main side]'],
    ['ready/log?container=nope', 400, 'container nope is not valid for pod ready'],
    ['ready/log?previous=true', 400, 'previous terminated container "main" in pod "ready" not found'],
    ['waiting/log', 400, 'container "main" in pod "waiting" is waiting to start: trying and failing to pull image'],
    ['nobody/log', 404, 'pods "nobody" not found'],
  ])('%s is refused', async (path, status, message) => {
    expect(await client.get(`${pods}/${path}`)).toMatchObject({ status, body: { message } });
  });
});

describe('proxying', () => {
  const services = '/api/v1/namespaces/default/services';

  it('reaches the ready pod behind a Service', async () => {
    const reply = await client.send(`${services}/web:http/proxy/v1/models?limit=1`, { method: 'POST', body: { a: 1 } });
    expect(reply).toMatchObject({
      status: 200,
      body: { pod: 'ready', method: 'POST', path: '/v1/models?limit=1', body: '{"a":1}' },
    });
  });

  it('reaches a pod by its port', async () => {
    expect(await client.get(`${pods}/ready:8080/proxy/health`)).toMatchObject({
      status: 200,
      body: { pod: 'ready', path: '/health' },
    });
  });

  it.each([
    [`${services}/idle:80/proxy/`, 503, 'no endpoints available for service "idle"'],
    [`${services}/web:99/proxy/`, 503, 'no service port 99 found for service "web"'],
    [`${services}/nobody:80/proxy/`, 404, 'services "nobody" not found'],
    [
      `${pods}/ready:9/proxy/`,
      503,
      'error trying to reach service: dial tcp 10.244.0.2:9: connect: connection refused',
    ],
  ])('%s is refused', async (path, status, message) => {
    expect(await client.get(path)).toMatchObject({ status, body: { message } });
  });
});

describe('quotas', () => {
  it('refuse what they have no room for, and count what is used', async () => {
    await client.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'limited' } });
    const inside = '/api/v1/namespaces/limited';
    await client.create(`${inside}/resourcequotas`, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'gpus' },
      spec: { hard: { 'requests.nvidia.com/gpu': '1', pods: '2' } },
    });
    const withGpus = (name: string, count: number) =>
      pod(name, { containers: [{ name: 'main', image: 'x', resources: { limits: { 'nvidia.com/gpu': count } } }] });
    expect(await client.create(`${inside}/pods`, withGpus('greedy', 2))).toMatchObject({
      status: 403,
      body: {
        reason: 'Forbidden',
        message:
          'pods "greedy" is forbidden: exceeded quota: gpus, requested: requests.nvidia.com/gpu=2, used: requests.nvidia.com/gpu=0, limited: requests.nvidia.com/gpu=1',
      },
    });
    expect((await client.create(`${inside}/pods`, withGpus('modest', 1))).status).toBe(201);
    expect(await client.get(`${inside}/resourcequotas/gpus`)).toMatchObject({
      body: { status: { used: { 'requests.nvidia.com/gpu': '1', pods: '1' } } },
    });
  });

  it('want pods to say what they count', async () => {
    const inside = '/api/v1/namespaces/counted';
    await client.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'counted' } });
    const spec = { hard: { 'limits.cpu': '1', memory: '1Gi' } };
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'compute' }, spec };
    await client.create(`${inside}/resourcequotas`, quota);
    const containers = [{ name: 'main', image: 'x', resources: { requests: { memory: '1Mi' } } }];
    expect(await client.create(`${inside}/pods`, pod('silent', { containers }))).toMatchObject({
      status: 403,
      body: { message: 'pods "silent" is forbidden: failed quota: compute: must specify limits.cpu for: main' },
    });
  });
});

describe('a new pod', () => {
  const mounts = ['body', 'spec', 'containers', 0, 'volumeMounts', 0, 'mountPath'];

  it('gets the token of its ServiceAccount', async () => {
    const reply = await client.create(pods, pod('trusted', { containers: [{ name: 'main', image: 'x' }] }));
    expect(reply).toHaveProperty(mounts, '/var/run/secrets/kubernetes.io/serviceaccount');
    expect(reply).toHaveProperty(['body', 'spec', 'volumes', 0, 'name'], expect.stringMatching(/^kube-api-access-/));
  });

  it('gets none where it does not want one', async () => {
    const spec = { automountServiceAccountToken: false, containers: [{ name: 'main', image: 'x' }] };
    expect(await client.create(pods, pod('alone', spec))).not.toHaveProperty('body.spec.volumes');
  });

  it.each([
    ['2048Gi', '2Ti'],
    ['1536Mi', '1536Mi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['1000Mi', '1000Mi'],
    ['1000', '1k'],
    ['1000m', '1'],
    ['0.25', '250m'],
    ['-3000', '-3k'],
    ['0Gi', '0'],
    [3, '3'],
    ['1e3', '1e3'],
  ])('asks for %s, which is %s', async (asked, kept) => {
    const containers = [{ name: 'main', image: 'x', resources: { requests: { memory: asked } } }];
    const reply = await client.create(`${pods}?dryRun=All`, pod('sized', { containers }));
    expect(reply).toHaveProperty(['body', 'spec', 'containers', 0, 'resources', 'requests', 'memory'], kept);
  });
});
