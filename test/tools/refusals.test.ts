import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createHelmInstaller } from '../../src/cluster/helm.ts';
import { type KubernetesObject, listAt, textAt } from '../../src/kubernetes.ts';
import { type Ask, type CallResult, callTool } from '../../src/tools/call.ts';
import { getRuntimesStatus } from '../../src/tools/get-runtimes-status.ts';
import { writeHelm } from '../support/helm.ts';
import { dataOf, type Lab, namespace, startLab } from '../support/lab.ts';

function refusal(result: CallResult) {
  if (result.ok) throw new Error(`not refused: ${result.text}`);
  return result.error;
}

/** A RayService as its users write it: without a label of ours. */
const foreign = (name: string, where: string): KubernetesObject => ({
  apiVersion: 'ray.io/v1',
  kind: 'RayService',
  metadata: { name, namespace: where },
  spec: {
    rayClusterConfig: { headGroupSpec: { template: { spec: { containers: [{ name: 'head', image: 'ray' }] } } } },
  },
});

const rayServices = { apiGroups: ['ray.io'], resources: ['rayservices'], verbs: ['get', 'list'] };

/** What the API server says when a webhook's server is gone. */
const webhookGone = {
  kind: 'Status',
  status: 'Failure',
  code: 500,
  message: 'Internal error occurred: failed calling webhook "vdynamographdeployment.kb.io": connection refused',
};

let lab: Lab;
let names = 0;
const fresh = () => `model-${++names}`;
const onKuberay = (name: string) => ({ name, model: 'Qwen/Qwen3-8B', runtime: 'kuberay' });
const onDynamo = (name: string) => ({ name, model: 'Qwen/Qwen3-8B', runtime: 'dynamo' });

beforeAll(async () => {
  lab = await startLab();
  await lab.apply(namespace('team-a'), namespace('team-b'));
});
afterAll(() => lab.stop());
afterEach(() => lab.api.faults.clear());

const deploy = (input: object, settings = {}) => lab.call('deploy_model', input, settings);
const writes = () => lab.api.requests.filter(({ method, query }) => method !== 'GET' && !query.includes('dryRun'));

describe('what already has the name', () => {
  test('ALREADY_EXISTS: another spec under the same name is told by its differences', async () => {
    const name = fresh();
    dataOf(await deploy(onKuberay(name)));
    expect(dataOf(await deploy(onKuberay(name)))).toMatchObject({ change: 'unchanged' });
    const error = refusal(await deploy({ ...onKuberay(name), replicas: 3 }));
    expect(error.code).toBe('ALREADY_EXISTS');
    expect(error.message).toContain('workerGroupSpecs[gpu].replicas: 1 → 3');
    expect(error.message).toContain('num_replicas: 1 → num_replicas: 3');
    expect(error.hint).toContain('replace: true');
    expect(dataOf(await deploy({ ...onKuberay(name), replicas: 3, replace: true }))).toMatchObject({
      change: 'updated',
    });
  });

  test('ALREADY_EXISTS: where only the default image moved, as after an upgrade, naming it keeps it', async () => {
    const wanted = onDynamo(fresh());
    const image = 'nvcr.io/nvidia/ai-dynamo/vllm-runtime:1.5.1';
    dataOf(await deploy({ ...wanted, image }));
    const error = refusal(await deploy(wanted));
    expect(error.code).toBe('ALREADY_EXISTS');
    expect(error.message).toMatch(
      /differs only by its image\. This call names none, and the default.* is another one: .*1\.5\.1 → .*1\.6\.1/,
    );
    expect(error.hint).toBe(`Pass "image": "${image}" to keep it, or replace: true to move to the default.`);
    expect(dataOf(await deploy({ ...wanted, image }))).toMatchObject({ change: 'unchanged' });
    const other = refusal(await deploy({ ...wanted, replicas: 2 }));
    expect(other.message).toContain('differs: ');
    expect(dataOf(await deploy({ ...wanted, replace: true }))).toMatchObject({ change: 'updated' });
  });

  test('ALREADY_EXISTS: the same name on the other runtime in that namespace, before anything is created', async () => {
    const name = fresh();
    dataOf(await deploy({ ...onKuberay(name), namespace: 'team-a' }));
    lab.api.clearRequests();
    const error = refusal(await deploy({ ...onDynamo(name), namespace: 'team-a' }));
    expect(error.code).toBe('ALREADY_EXISTS');
    expect(error.message).toContain('on KubeRay; nothing was created');
    expect(writes()).toEqual([]);
    dataOf(await deploy({ ...onDynamo(name), namespace: 'team-b' }));
  });

  test('AMBIGUOUS: the matches are listed, and one of them can be named', async () => {
    const name = fresh();
    dataOf(await deploy({ ...onKuberay(name), namespace: 'team-a' }));
    dataOf(await deploy({ ...onDynamo(name), namespace: 'team-b' }));
    const error = refusal(await lab.call('get_deployment', { name }));
    expect(error).toMatchObject({
      code: 'AMBIGUOUS',
      hint: 'Say which: "namespace": "team-a" and "runtime": "kuberay"',
      details: {
        matches: [
          { name, namespace: 'team-a', runtime: 'kuberay' },
          { name, namespace: 'team-b', runtime: 'dynamo' },
        ],
      },
    });
    expect(dataOf(await lab.call('get_deployment', { name, runtime: 'dynamo' }))).toMatchObject({
      deployment: { namespace: 'team-b', runtime: 'dynamo' },
    });
  });

  test('ALREADY_EXISTS: what is to be replaced is looked for on the other runtime too, wherever that has it', async () => {
    const name = fresh();
    dataOf(await deploy({ ...onDynamo(name), namespace: 'team-b' }));
    const { namespace: _, ...anywhere } = { namespace: undefined, ...onKuberay(name) };
    expect(refusal(await deploy({ ...anywhere, replace: true }))).toMatchObject({
      code: 'ALREADY_EXISTS',
      details: { name, namespace: 'team-b', runtime: 'dynamo' },
    });
    expect(dataOf(await deploy({ ...anywhere, namespace: 'team-a', replace: true }))).toMatchObject({
      change: 'created',
    });
  });

  test('NOT_MANAGED: what others made is deleted only when the caller says so', async () => {
    const name = fresh();
    await lab.apply(foreign(name, 'team-a'));
    expect(refusal(await deploy({ ...onKuberay(name), namespace: 'team-a' })).code).toBe('ALREADY_EXISTS');
    expect(refusal(await deploy({ ...onKuberay(name), namespace: 'team-a', replace: true })).code).toBe('NOT_MANAGED');
    const error = refusal(await lab.call('delete_deployment', { name }));
    expect(error.code).toBe('NOT_MANAGED');
    expect(error.hint).toContain('unmanaged: true');
    expect(dataOf(await lab.call('delete_deployment', { name, unmanaged: true }))).toMatchObject({
      gone: [`RayService ${name}`],
      terminating: [],
    });
  });

  test('NOT_SUPPORTED: what the operator cannot change is refused with the way round', async () => {
    const name = fresh();
    dataOf(await deploy(onDynamo(name)));
    const error = refusal(await deploy({ ...onDynamo(name), mode: 'disaggregated', replace: true }));
    expect(error.code).toBe('NOT_SUPPORTED');
    expect(error.hint).toContain('delete_deployment');
  });

  test('CONFLICT: a field that another manager owns is named with its owner, and never forced', async () => {
    const name = fresh();
    const wanted = { ...onKuberay(name), namespace: 'team-a' };
    dataOf(await deploy(wanted));
    const existing = dataOf(await lab.call('get_deployment', { name, namespace: 'team-a' }));
    expect(existing).toBeDefined();
    await lab.apply({
      apiVersion: 'ray.io/v1',
      kind: 'RayService',
      metadata: { name, namespace: 'team-a' },
      spec: { rayClusterConfig: { rayVersion: '2.40.0', headGroupSpec: { template: {} } } },
    });
    const error = refusal(await deploy({ ...wanted, replace: true }));
    expect(error.code).toBe('CONFLICT');
    expect(error.message).toContain('lab owns .spec.rayClusterConfig.rayVersion');
  });

  test('NOT_FOUND: says where was looked, and what is called alike', async () => {
    const name = fresh();
    dataOf(await deploy({ ...onKuberay(name), namespace: 'team-a' }));
    const error = refusal(
      await lab.call('get_deployment', { name: name.replace('model', 'modell'), namespace: 'team-b' }),
    );
    expect(error.code).toBe('NOT_FOUND');
    expect(error.message).toContain('NVIDIA Dynamo and KubeRay in namespace team-b');
    expect(error.hint).toContain(`team-a/${name}`);
  });
});

test('NOT_FOUND behind a fence: names the namespaces that were looked at, and claims no others', async () => {
  for (const [namespaces, says] of [
    [['team-a'], 'in namespace team-a.'],
    [['team-a', 'team-b'], 'in namespaces team-a, team-b.'],
  ] as const) {
    const error = refusal(await lab.call('get_deployment', { name: 'nobody' }, { namespaces }));
    expect(error).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining(says) });
  }
});

describe('who may', () => {
  test('FORBIDDEN: names verb, resource and namespace, and nothing was created', async () => {
    await lab.allow('reader', [rayServices, { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] }]);
    lab.api.clearRequests();
    const error = refusal(await deploy({ ...onKuberay(fresh()), namespace: 'team-a' }, { as: 'reader' }));
    expect(error.code).toBe('FORBIDDEN');
    expect(error.message).toMatch(/patch.*rayservices.*team-a/);
    expect(error.hint).toContain('kubectl --context kubefoundry-sandbox auth can-i');
    expect(writes()).toEqual([]);
  });

  test('FORBIDDEN: also of what exists just so, and TIMEOUT: neither is a word on what was asked for', async () => {
    await lab.allow('watcher', [rayServices, { apiGroups: [''], resources: ['namespaces'], verbs: ['list'] }]);
    const wanted = { ...onKuberay(fresh()), namespace: 'team-a' };
    dataOf(await deploy(wanted));
    const error = refusal(await deploy(wanted, { as: 'watcher' }));
    expect(error.code).toBe('FORBIDDEN');
    expect(error.message).toMatch(/patch.*rayservices.*team-a/);
    expect(error.hint).toContain('kubectl --context kubefoundry-sandbox auth can-i patch rayservices.ray.io');
    lab.api.faults.add({
      match: { method: 'PATCH', path: /rayservices/ },
      action: { kind: 'status', status: 504, body: { kind: 'Status', status: 'Failure', code: 504, message: 'slow' } },
    });
    expect(refusal(await deploy(wanted)).code).toBe('TIMEOUT');
  });

  test('FORBIDDEN: behind a fence other namespaces are out of reach', async () => {
    const error = refusal(await deploy({ ...onKuberay(fresh()), namespace: 'team-b' }, { namespaces: ['team-a'] }));
    expect(error.code).toBe('FORBIDDEN');
    expect(error.message).toContain('team-a');
  });

  test('UNAUTHENTICATED: a token that is not accepted', async () => {
    for (const [tool, input] of [
      ['list_deployments', {}],
      ['deploy_model', onKuberay(fresh())],
      ['get_deployment', { name: 'model-1' }],
    ] as const) {
      expect(refusal(await lab.call(tool, input, { as: 'stranger' })).code).toBe('UNAUTHENTICATED');
    }
  });

  test('READ_ONLY: writes are refused below every tool, and plans still work', async () => {
    const name = fresh();
    dataOf(await deploy(onKuberay(name)));
    lab.api.clearRequests();
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return 'approved' as const;
    };
    const readOnly = { readOnly: true, ask };
    lab.progress.length = 0;
    expect(refusal(await deploy(onKuberay('wish'), readOnly))).toMatchObject({
      code: 'READ_ONLY',
      message: expect.stringMatching(/^Not done, this is read-only mode: .*wish/),
    });
    expect(lab.progress).toEqual([]);
    expect(refusal(await lab.call('delete_deployment', { name }, readOnly)).code).toBe('READ_ONLY');
    expect(dataOf(await lab.call('plan_deployment', onKuberay(fresh()), readOnly))).toMatchObject({
      change: 'create',
      dryRun: { accepted: true },
    });
    expect(asked).toBe(0);
    expect(writes()).toEqual([]);
  });

  test('DECLINED and CONFIRMATION_REQUIRED: without a human’s yes nothing is deleted', async () => {
    const name = fresh();
    dataOf(await deploy(onKuberay(name)));
    const declined = refusal(await lab.call('delete_deployment', { name }, { ask: async () => 'declined' }));
    expect(declined.code).toBe('DECLINED');
    const unasked = refusal(await lab.call('delete_deployment', { name }, { ask: async () => 'unavailable' }));
    expect(unasked.code).toBe('CONFIRMATION_REQUIRED');
    expect(unasked.message).toContain(`Delete RayService kuberay-system/${name}`);
    expect(unasked.details).toMatchObject({ plan: { steps: [{ kind: 'delete' }] } });
    expect(dataOf(await lab.call('get_deployment', { name }))).toMatchObject({ deployment: { name } });
  });

  test('CONFLICT: an approval counts only for the plan that was shown', async () => {
    const name = fresh();
    dataOf(await deploy(onKuberay(name)));
    const replaced = async () => {
      await lab.remove({
        apiVersion: 'ray.io/v1',
        kind: 'RayService',
        metadata: { name, namespace: 'kuberay-system' },
      });
      dataOf(await deploy(onKuberay(name)));
      return 'approved' as const;
    };
    const error = refusal(await lab.call('delete_deployment', { name }, { ask: replaced }));
    expect(error.code).toBe('CONFLICT');
    expect(dataOf(await lab.call('get_deployment', { name }))).toMatchObject({ deployment: { name } });
  });
});

test('in a protected context every write asks, with the name to type, and what changes nothing does not', async () => {
  const guarded = await startLab({ runtimes: ['kuberay'], protect: ['*sandbox*'] });
  try {
    const asked: string[] = [];
    const ask: Ask = async ({ subject, context, plan }) => {
      asked.push(`${subject} in ${context}: ${plan.summary}`);
      return 'approved';
    };
    dataOf(await guarded.call('deploy_model', onKuberay('guarded'), { ask }));
    dataOf(await guarded.call('deploy_model', onKuberay('guarded'), { ask }));
    dataOf(await guarded.call('plan_deployment', onKuberay('guarded'), { ask }));
    expect(asked).toEqual([expect.stringMatching(/^guarded in kubefoundry-sandbox: Create RayService/)]);
  } finally {
    await guarded.stop();
  }
});

describe('what the cluster says', () => {
  test('NO_CAPACITY: more GPUs per replica than any node has', async () => {
    const error = refusal(await deploy({ ...onKuberay(fresh()), gpus: 16 }));
    expect(error.code).toBe('NO_CAPACITY');
    expect(error.message).toContain('gpu-1');
  });

  test.each([
    ['cpu', '999', '999 CPUs per replica are more than any node with 1 GPU has: the largest, gpu-1, has 64 CPUs'],
    [
      'memory',
      '2Ti',
      '2048 GiB of memory per replica are more than any node with 1 GPU has: the largest, gpu-1, has 512',
    ],
  ])('more %s per replica than any node has is a warning, as larger nodes may come', async (field, amount, says) => {
    const { warnings } = dataOf(await deploy({ ...onDynamo(fresh()), [field]: amount }));
    expect(String(warnings)).toContain(`${field}: ${says}`);
    expect(String(warnings)).toContain(`it will wait for a larger one. Ask for less, or leave ${field} out.`);
  });

  test('QUOTA: the namespace has none left', async () => {
    const message =
      'rayservices.ray.io "x" is forbidden: exceeded quota: models, requested: count/rayservices.ray.io=1';
    const body = { kind: 'Status', status: 'Failure', code: 403, reason: 'Forbidden', message };
    lab.api.faults.add({
      match: { method: 'PATCH', path: /rayservices/ },
      action: { kind: 'status', status: 403, body },
    });
    const error = refusal(await deploy(onKuberay(fresh())));
    expect(error.code).toBe('QUOTA');
    expect(error.message).toContain('exceeded quota');
  });

  test('REJECTED: admission refuses, in its own words', async () => {
    const body = {
      kind: 'Status',
      status: 'Failure',
      code: 422,
      reason: 'Invalid',
      message: 'spec.x: not by our policy',
    };
    lab.api.faults.add({
      match: { method: 'PATCH', path: /rayservices/ },
      action: { kind: 'status', status: 422, body },
    });
    const wanted = onKuberay(fresh());
    expect(refusal(await deploy(wanted))).toMatchObject({
      code: 'REJECTED',
      message: expect.stringContaining('not by our policy'),
    });
    expect(dataOf(await lab.call('plan_deployment', wanted))).toMatchObject({
      change: 'refused',
      problems: [{ code: 'REJECTED' }],
      dryRun: { accepted: false },
    });
  });

  test('RUNTIME_UNHEALTHY: the operator’s webhook does not answer, so writing cannot work', async () => {
    const path = /dynamographdeployments/;
    const action = { kind: 'status', status: 500, body: webhookGone } as const;
    lab.api.faults.add({ match: { method: 'PATCH', path }, action });
    const error = refusal(await deploy(onDynamo(fresh())));
    expect(error.code).toBe('RUNTIME_UNHEALTHY');
    expect(error.message).toContain('webhook');
  });
});

test('RUNTIME_NOT_INSTALLED: the call that installs it is the hint, and nothing was created', async () => {
  const bare = await startLab({ runtimes: ['dynamo'] });
  try {
    bare.api.clearRequests();
    for (const name of ['deploy_model', 'get_deployment']) {
      const error = refusal(
        await bare.call(name, name === 'deploy_model' ? onKuberay('x') : { name: 'x', runtime: 'kuberay' }),
      );
      expect(error).toMatchObject({ code: 'RUNTIME_NOT_INSTALLED', hint: 'install_runtime {"runtime":"kuberay"}' });
    }
    expect(bare.api.requests.every(({ method }) => method === 'GET')).toBe(true);
  } finally {
    await bare.stop();
  }
});

test('HELM_FAILED: the words of helm, and how far the plan went', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kubefoundry-refusals-'));
  await writeHelm(folder, { fails: true });
  const environment = { PATH: `${folder}:${process.env.PATH}` };
  const bare = await startLab({
    runtimes: [],
    installer: (kubeconfig) => createHelmInstaller({ kubeconfig: [kubeconfig], environment }),
  });
  try {
    const error = refusal(await bare.call('install_runtime', { runtime: 'kuberay' }));
    expect(error.code).toBe('HELM_FAILED');
    expect(error.message).toContain('cannot re-use a name that is still in use');
    expect(error.message).toMatch(/^Step 5 of 7 \(Install the chart .*Nothing was done before it\. Left: Wait until/);
    expect(error.hint).toMatch(
      /By hand: helm --kube-context kubefoundry-sandbox upgrade --install kuberay-operator .*--version 1\.7\.0/,
    );
    expect(listAt(error.details, 'steps').map((step) => textAt(step, 'status'))).toEqual([
      ...Array(4).fill('ok'),
      'failed',
      'not run',
      'not run',
    ]);
  } finally {
    await bare.stop();
    await rm(folder, { recursive: true });
  }
});

test('INTERNAL: what fails in a way that it should not tells no stack, and keeps its cause for --debug', async () => {
  const broken = { ...getRuntimesStatus, run: async () => Reflect.get({}, 'missing') };
  const foundry = { site: () => Promise.reject(new Error('unused')), protects: () => false, close: () => {} };
  const context = { foundry, caller: 'test', progress: () => {} };
  const error = refusal(
    await callTool(broken, {}, { context, signal: new AbortController().signal, ask: async () => 'declined' }),
  );
  expect(error.code).toBe('INTERNAL');
  expect(error.message).not.toMatch(/\n|\bat \S+:\d/);
  expect(error.cause).toBeDefined();
});
