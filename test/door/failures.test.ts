import { expect } from 'vitest';
import { type Answer, failure, json } from '../support/scripted-api.ts';
import { configMap, configMaps, listPath, type OpenDoor, problemOf, rayServices, test } from './door.ts';

const path = '/apis/ray.io/v1/namespaces/models/rayservices/qwen';
const object = { apiVersion: 'ray.io/v1', kind: 'RayService', metadata: { namespace: 'models', name: 'qwen' } };

const applied = async (openDoor: OpenDoor, answer: Answer) => {
  const { api, cluster } = await openDoor();
  api.on(`PATCH ${path}`, answer);
  const problem = await problemOf(cluster.apply(object, { deadline: 3_000 }));
  return { problem, requests: api.requestsTo(`PATCH ${path}`).length };
};

const forbidden = (words: string, details?: unknown) => failure(403, 'Forbidden', words, { details });

/** Words and statuses as kube-apiserver 1.35 and the recorded operators send them. */
const answers: readonly [what: string, answer: Answer, code: string, message: RegExp, hint: RegExp][] = [
  [
    'a missing right',
    forbidden(
      'rayservices.ray.io "qwen" is forbidden: User "jane" cannot patch resource "rayservices" in API group "ray.io" in the namespace "models"',
    ),
    'FORBIDDEN',
    /^Cannot patch rayservices\.ray\.io qwen in namespace models: .*User "jane" cannot patch/,
    /kubectl auth can-i patch rayservices\.ray\.io -n models$/,
  ],
  [
    'a spent quota',
    forbidden('pods "qwen" is forbidden: exceeded quota: gpus, requested: requests.nvidia.com/gpu=4, used: …'),
    'QUOTA',
    /exceeded quota: gpus/,
    /describe quota -n models/,
  ],
  [
    'a namespace on its way out',
    forbidden('unable to create new content in namespace models because it is being terminated', {
      causes: [{ reason: 'NamespaceTerminating' }],
    }),
    'REJECTED',
    /being terminated/,
    /another one/,
  ],
  [
    'a pod security violation',
    forbidden('pods "qwen" is forbidden: violates PodSecurity "restricted:latest": …'),
    'REJECTED',
    /violates PodSecurity/,
    /Change what/,
  ],
  [
    'a policy engine',
    forbidden('admission webhook "validate.kyverno.svc" denied the request: no latest tags'),
    'REJECTED',
    /no latest tags/,
    /Change what/,
  ],
  [
    'a schema violation',
    failure(422, 'Invalid', 'RayService.ray.io "qwen" is invalid: spec.rayClusterConfig: Required value'),
    'REJECTED',
    /Required value/,
    /Change what/,
  ],
  [
    'an unknown field',
    failure(400, 'BadRequest', 'strict decoding error: unknown field "spec.x"'),
    'REJECTED',
    /unknown field/,
    /Change what/,
  ],
  [
    'a list that names a key twice, which server-side apply answers with 500',
    json(
      {
        kind: 'Status',
        code: 500,
        message:
          'failed to create typed patch object (models/qwen; ray.io/v1, Kind=RayService): .spec.x: duplicate entries for key [name="A"]',
      },
      500,
    ),
    'REJECTED',
    /duplicate entries for key/,
    /Change what/,
  ],
  [
    'an operator that is down',
    failure(
      500,
      'InternalError',
      'Internal error occurred: failed calling webhook "vrayservice.kb.io": failed to call webhook: connection refused',
    ),
    'RUNTIME_UNHEALTHY',
    /failed calling webhook/,
    /operator's pods/,
  ],
  [
    'a conversion that is down',
    failure(
      500,
      '',
      'conversion webhook for nvidia.com/v1beta1, Kind=DynamoGraphDeployment failed: Post "https://op.svc:443": EOF',
    ),
    'RUNTIME_UNHEALTHY',
    /conversion webhook/,
    /operator's pods/,
  ],
  [
    'a server that took too long',
    failure(504, 'Timeout', 'Timeout: request did not complete within the allotted timeout'),
    'TIMEOUT',
    /did not complete/,
    /Try again/,
  ],
  [
    'an overloaded server',
    failure(429, 'TooManyRequests', 'too many requests', { headers: { 'retry-after': '9' } }),
    'CLUSTER_UNREACHABLE',
    /too many requests/,
    /overloaded/,
  ],
  [
    'a namespace that is missing',
    failure(404, 'NotFound', 'namespaces "models" not found', { details: { name: 'models', kind: 'namespaces' } }),
    'NOT_FOUND',
    /namespaces "models" not found/,
    /kubectl create namespace models/,
  ],
  [
    'an edit between reading and writing',
    failure(
      409,
      'Conflict',
      'Operation cannot be fulfilled on rayservices.ray.io "qwen": the object has been modified',
    ),
    'CONFLICT',
    /has been modified/,
    /Read the object again/,
  ],
  [
    'an unsupported media type',
    failure(415, 'UnsupportedMediaType', 'the body was in an unknown format'),
    'NOT_SUPPORTED',
    /unknown format/,
    /doctor/,
  ],
];

test.concurrent.for(answers)(
  '%s is told with its code, the words of the server and a way on',
  async ([_, answer, code, message, hint], { openDoor }) => {
    const { problem } = await applied(openDoor, answer);
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(message);
    expect(problem.hint).toMatch(hint);
    expect(problem.details).toMatchObject({
      verb: 'patch',
      resource: 'rayservices',
      group: 'ray.io',
      namespace: 'models',
    });
  },
);

test.concurrent('a conflict of field owners names each other owner with its fields', async ({ openDoor }) => {
  const cause = (manager: string, field: string) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with "${manager}" using ray.io/v1`,
    field,
  });
  const causes = [cause('kubectl-edit', '.spec.a'), cause('argocd', '.spec.b'), cause('argocd', '.spec.c')];
  const { problem } = await applied(
    openDoor,
    failure(409, 'Conflict', 'Apply failed with 3 conflicts: …', { details: { causes } }),
  );
  expect(problem.code).toBe('CONFLICT');
  expect(problem.message).toContain('kubectl-edit owns .spec.a; argocd owns .spec.b, .spec.c');
  expect(problem.details.conflicts).toEqual([
    { manager: 'kubectl-edit', fields: ['.spec.a'] },
    { manager: 'argocd', fields: ['.spec.b', '.spec.c'] },
  ]);
});

test.concurrent('what a broken webhook answers is not asked again', async ({ openDoor }) => {
  const { requests } = await applied(openDoor, failure(500, 'InternalError', 'failed calling webhook "x": EOF'));
  expect(requests).toBe(1);
});

test.concurrent('words without end are cut', async ({ openDoor }) => {
  const { problem } = await applied(openDoor, failure(422, 'Invalid', 'x'.repeat(100_000)));
  expect(problem.message.length).toBeLessThan(3_000);
});

test.concurrent('a missing object is undefined, a missing kind is NOT_FOUND, and a kind that vanished is noticed', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  api.on(`GET ${path}`, failure(404, 'NotFound', 'rayservices.ray.io "qwen" not found', { details: { name: 'qwen' } }));
  const at = { namespace: 'models', name: 'qwen' };
  expect(await cluster.get(rayServices, at)).toBeUndefined();
  const unknown = await problemOf(cluster.get({ group: 'ray.io', kind: 'RayJob' }, at));
  expect(unknown).toMatchObject({ code: 'NOT_FOUND', details: { served: false } });
  expect(unknown.message).toBe('The cluster of context scripted does not serve RayJob (ray.io).');

  api.on(`GET ${path}`, (_, response) => response.writeHead(404).end('404 page not found\n'));
  const vanished = await problemOf(cluster.get(rayServices, at));
  expect(vanished).toMatchObject({ code: 'NOT_FOUND', details: { served: false } });
  const before = api.requestsTo('GET /apis').length;
  await cluster.resource(rayServices);
  expect(api.requestsTo('GET /apis').length).toBe(before + 1);
});

test.concurrent('deleting what is not there is false, deleting another object of that name is CONFLICT', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  const at = { namespace: 'models', name: 'qwen' };
  api.on(`DELETE ${path}`, failure(404, 'NotFound', 'not found', { details: { name: 'qwen' } }));
  expect(await cluster.delete(rayServices, at)).toBe(false);
  api.on(
    `DELETE ${path}`,
    failure(409, 'Conflict', 'the UID in the precondition (a) does not match the UID in record (b)'),
  );
  expect((await problemOf(cluster.delete(rayServices, at, { uid: 'a' }))).code).toBe('CONFLICT');
  expect(JSON.parse(api.requestsTo(`DELETE ${path}`)[1]?.body ?? '')).toMatchObject({
    propagationPolicy: 'Background',
    preconditions: { uid: 'a' },
  });
});

test.concurrent('a proxied answer is given as it is, whatever its status; what the API server itself says is an error', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  const target = { type: 'service', namespace: 'models', name: 'web', port: 'http' } as const;
  const proxied = 'GET /api/v1/namespaces/models/services/web:http/proxy/v1/models';
  const ask = () => cluster.proxy(target, { method: 'GET', path: '/v1/models?limit=1' });
  api.on(proxied, json({ error: 'no such model' }, 404));
  expect(await ask()).toMatchObject({ status: 404, body: '{"error":"no such model"}' });
  expect(api.requestsTo(proxied)[0]?.query.get('limit')).toBe('1');
  api.on(proxied, failure(503, 'ServiceUnavailable', 'no endpoints available for service "web"'));
  expect((await ask()).status).toBe(503);
  api.on(
    proxied,
    forbidden(
      'services "web" is forbidden: User "jane" cannot get resource "services/proxy" in API group "" in the namespace "models"',
    ),
  );
  const problem = await problemOf(ask());
  expect(problem.code).toBe('FORBIDDEN');
  expect(problem.hint).toContain('kubectl auth can-i get services/proxy -n models');
});

test.concurrent.for([
  [
    'Get "https://10.0.1.10:10250/containerLogs/models/qwen-0/main?tailLines=200": tls: failed to verify certificate: x509: cannot validate certificate for 10.0.1.10 because it does not contain any IP SANs',
    'at 10.0.1.10:10250:',
  ],
  [
    'Get "https://n1.example.com:10250/containerLogs/models/qwen-0/main": dial tcp 10.0.1.10:10250: i/o timeout',
    'at n1.example.com:10250:',
  ],
  ['error dialing backend: dial tcp 10.0.1.10:10250: connect: connection refused', 'at 10.0.1.10:10250:'],
  ['No agent available', 'of its node (port 10250)'],
] as const)(
  'a kubelet that the API server cannot reach is no unreachable cluster: %s',
  async ([words, names], { openDoor }) => {
    const { api, cluster } = await openDoor();
    api.on('GET /api/v1/namespaces/models/pods/qwen-0/log', failure(500, 'InternalError', words));
    const problem = await problemOf(cluster.logs({ namespace: 'models', pod: 'qwen-0', container: 'main' }));
    expect(problem.code).toBe('REJECTED');
    expect(problem.message).toContain(words);
    expect(problem.hint).toContain(`could not reach the kubelet ${names}`);
    expect(problem.hint).toContain('kubectl get pod qwen-0 -n models -o wide');
  },
);

test.concurrent('the last lines of a container are asked for and given as text', async ({ openDoor }) => {
  const { api, cluster } = await openDoor();
  api.on('GET /api/v1/namespaces/models/pods/qwen-0/log', (_, response) => response.end('one\ntwo\n'));
  const at = { namespace: 'models', pod: 'qwen-0', container: 'main' };
  expect(await cluster.logs(at, { tail: 2, previous: true })).toBe('one\ntwo\n');
  const [seen] = api.requestsTo('GET /api/v1/namespaces/models/pods/qwen-0/log');
  expect(Object.fromEntries(seen?.query ?? [])).toEqual({ container: 'main', tailLines: '2', previous: 'true' });
});

test.concurrent('a count reads one object, and all of them where the server does not say how many remain', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  const all = ['a', 'b', 'c'].map((name) => configMap(name, '1'));
  const page = (items: readonly unknown[], metadata: object) => json({ kind: 'ConfigMapList', metadata, items });
  const first = all.slice(0, 1);
  api.on(listPath, page(first, { continue: 'token', remainingItemCount: 2 }));
  expect(await cluster.count(configMaps)).toBe(3);
  expect(api.requestsTo(listPath).map(({ query }) => query.get('limit'))).toEqual(['1']);
  api.on(listPath, page(first, { continue: 'token' }), page(all, {}));
  expect(await cluster.count(configMaps)).toBe(3);
});

test.concurrent('a list follows its pages, and begins anew, whole, when the server has forgotten the first ones', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  const all = ['a', 'b', 'c'].map((name) => ({ ...configMap(name, '1'), kind: undefined, apiVersion: undefined }));
  const page = (items: readonly unknown[], next?: string) =>
    json({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: { continue: next }, items });
  api.on('GET /api/v1/configmaps', page(all.slice(0, 2), 'token'), page(all.slice(2)));
  const names = async () =>
    (await cluster.list(configMaps, { pageSize: 2 })).map((item) => [item.kind, item.metadata.name]);
  const expected = ['a', 'b', 'c'].map((name) => ['ConfigMap', name]);
  expect(await names()).toEqual(expected);

  api.on('GET /api/v1/configmaps', page(all.slice(0, 2), 'token'), failure(410, 'Expired', 'too old'), page(all));
  expect(await names()).toEqual(expected);
  const queries = api
    .requestsTo('GET /api/v1/configmaps')
    .map(({ query }) => [query.get('limit'), query.get('continue')]);
  expect(queries).toEqual([
    ['2', null],
    ['2', 'token'],
    ['2', null],
    ['2', 'token'],
    [null, null],
  ]);
});
