import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { type KubernetesObject, valueAt } from '../../../src/kubernetes.ts';
import type { CauseCode } from '../../../src/providers/causes.ts';
import { type FailureKind, failureKinds, isEngineFailure } from '../../../src/sandbox/failures.ts';
import { graph, namespace, rayService } from '../../../src/sandbox/scenarios/manifests.ts';
import { h100, node } from '../../../src/sandbox/scenarios/nodes.ts';
import { diagnoseDeployment } from '../../../src/tools/diagnose-deployment.ts';
import { startWorkbench, type Workbench } from '../../support/sandbox.ts';

const home = 'lab';
const model = 'meta-llama/Llama-3.1-8B-Instruct';

/** What each mishap of the sandbox is diagnosed as, on Dynamo and on KubeRay; `MODEL_LOADS` is a wait. */
const mishaps: Readonly<Record<FailureKind, readonly [dynamo: string, kuberay: string]>> = {
  unschedulable: ['GPUS_IN_USE', 'GPUS_IN_USE'],
  'out-of-memory': ['OUT_OF_MEMORY', 'OUT_OF_MEMORY'],
  killed: ['CONTAINER_KILLED', 'CONTAINER_KILLED'],
  'liveness-failed': ['LIVENESS_FAILED', 'LIVENESS_FAILED'],
  'crash-loop': ['GPU_OUT_OF_MEMORY', 'GPU_OUT_OF_MEMORY'],
  'not-ready': ['MODEL_LOADS', 'MODEL_LOADS'],
  'deploy-failed': ['GPU_OUT_OF_MEMORY', 'KV_CACHE_TOO_SMALL'],
  'failed-reconcile': ['SPEC_REFUSED', 'RECONCILE_FAILED'],
  'image-pull': ['IMAGE_NOT_FOUND', 'IMAGE_NOT_FOUND'],
  'image-unauthorized': ['IMAGE_UNAUTHORIZED', 'IMAGE_UNAUTHORIZED'],
  'image-rate-limited': ['IMAGE_RATE_LIMITED', 'IMAGE_RATE_LIMITED'],
  'image-unreachable': ['IMAGE_REGISTRY_UNREACHABLE', 'IMAGE_REGISTRY_UNREACHABLE'],
  'image-node-full': ['IMAGE_NODE_FULL', 'IMAGE_NODE_FULL'],
  'image-wrong-platform': ['IMAGE_WRONG_PLATFORM', 'IMAGE_WRONG_PLATFORM'],
  'policy-denied': ['WEBHOOK_DENIED', 'WEBHOOK_DENIED'],
  'pod-security-denied': ['POD_SECURITY_DENIED', 'POD_SECURITY_DENIED'],
  'webhook-down': ['WEBHOOK_DOWN', 'WEBHOOK_DOWN'],
  'limit-range-exceeded': ['LIMIT_RANGE_EXCEEDED', 'LIMIT_RANGE_EXCEEDED'],
  'model-gated': ['MODEL_GATED', 'MODEL_GATED'],
  'model-not-found': ['MODEL_NOT_FOUND', 'MODEL_NOT_FOUND'],
  'download-failed': ['MODEL_DOWNLOAD_FAILED', 'MODEL_DOWNLOAD_FAILED'],
  'disk-full': ['DISK_FULL', 'DISK_FULL'],
  'shared-memory-short': ['SHARED_MEMORY_SHORT', 'SHARED_MEMORY_SHORT'],
  'nccl-failed': ['NCCL_FAILED', 'NCCL_FAILED'],
  'driver-too-old': ['CUDA_DRIVER_TOO_OLD', 'CUDA_DRIVER_TOO_OLD'],
  'gpu-not-visible': ['GPU_NOT_VISIBLE', 'GPU_NOT_VISIBLE'],
  'gpu-unsupported': ['GPU_UNSUPPORTED', 'GPU_UNSUPPORTED'],
  'kv-cache-too-small': ['KV_CACHE_TOO_SMALL', 'KV_CACHE_TOO_SMALL'],
  'gpu-out-of-memory': ['GPU_OUT_OF_MEMORY', 'GPU_OUT_OF_MEMORY'],
  'code-untrusted': ['MODEL_CODE_UNTRUSTED', 'MODEL_CODE_UNTRUSTED'],
  'model-unsupported': ['MODEL_UNSUPPORTED', 'MODEL_UNSUPPORTED'],
  'quantization-mismatch': ['QUANTIZATION_MISMATCH', 'QUANTIZATION_MISMATCH'],
  'tokenizer-mismatch': ['TOKENIZER_MISMATCH', 'TOKENIZER_MISMATCH'],
  'parallelism-invalid': ['PARALLELISM_INVALID', 'PARALLELISM_INVALID'],
  'argument-unknown': ['ENGINE_ARGUMENT_UNKNOWN', 'ENGINE_ARGUMENT_UNKNOWN'],
  'module-missing': ['MODULE_MISSING', 'MODULE_MISSING'],
  'messaging-unreachable': ['MESSAGING_UNREACHABLE', 'MESSAGING_UNREACHABLE'],
  'engine-error': ['CRASH_LOOP', 'APPLICATION_FAILED'],
};

type Spec = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is Spec => typeof value === 'object' && value !== null && !Array.isArray(value);
const mapOf = (value: unknown): Spec => (isMap(value) ? value : {});

/** The worker of a graph with more in its pod, and in its container. */
function workerWith(name: string, pod: Spec, container: Spec = {}, where = home): KubernetesObject {
  const made = graph({ name, namespace: where, model, managed: true });
  const [frontend, worker] = [0, 1].map((index) => mapOf(valueAt(made, 'spec', 'components', index)));
  const spec = mapOf(valueAt(worker, 'podTemplate', 'spec'));
  const main = { ...mapOf(valueAt(spec, 'containers', 0)), ...container };
  const podTemplate = { ...mapOf(valueAt(worker, 'podTemplate')), spec: { ...spec, ...pod, containers: [main] } };
  return { ...made, spec: { ...mapOf(made.spec), components: [frontend, { ...worker, podTemplate }] } };
}

const asks = (name: string, limits: Spec): KubernetesObject =>
  workerWith(name, {}, { resources: { limits: { 'nvidia.com/gpu': '1', ...limits } } });
const mounts = (name: string, volume: Spec): KubernetesObject =>
  workerWith(name, { volumes: [{ name: 'weights', ...volume }] });
const ray = (name: string, change: (spec: Spec) => Spec): KubernetesObject => {
  const made = rayService({ name, namespace: home, model, managed: true });
  return { ...made, spec: change(mapOf(made.spec)) };
};
const variable = (name: string, valueFrom: Spec): KubernetesObject =>
  workerWith(name, {}, { env: [{ name: 'HF_TOKEN', valueFrom }] });

/** What goes wrong because of what was asked for, or where: nothing is wished for. */
const asked: readonly (readonly [CauseCode, KubernetesObject])[] = [
  ['SECRET_MISSING', workerWith('secret', {}, { envFrom: [{ secretRef: { name: 'hf-token' } }] })],
  ['SECRET_KEY_MISSING', variable('key', { secretKeyRef: { name: 'known', key: 'HF_TOKEN' } })],
  ['CONFIG_MAP_MISSING', variable('map', { configMapKeyRef: { name: 'settings', key: 'a' } })],
  ['CONFIG_MAP_MISSING', mounts('map-volume', { configMap: { name: 'settings' } })],
  ['CLAIM_MISSING', mounts('claim', { persistentVolumeClaim: { claimName: 'absent' } })],
  ['STORAGE_CLASS_MISSING', mounts('class', { persistentVolumeClaim: { claimName: 'classless' } })],
  ['CLAIM_PENDING', mounts('pending', { persistentVolumeClaim: { claimName: 'slow' } })],
  ['GANG_WAITING', workerWith('gang', { schedulingGates: [{ name: 'kueue.x-k8s.io/admission' }] })],
  ['NODE_SELECTOR_UNMATCHED', workerWith('selector', { nodeSelector: { 'nvidia.com/gpu.product': 'NVIDIA-GB300' } })],
  ['GPUS_TOO_MANY', graph({ name: 'many', namespace: home, model, gpus: 16, managed: true })],
  ['MEMORY_SHORT', asks('memory', { memory: '9Ti' })],
  ['CPU_SHORT', asks('cpu', { cpu: '900' })],
  ['QUOTA_EXCEEDED', workerWith('quota', {}, {}, 'small')],
  ['SERVE_CONFIG_INVALID', ray('yaml', (spec) => ({ ...spec, serveConfigV2: 'applications: [\n  - name: {' }))],
  ['NAME_TOO_LONG', ray(`long-${'x'.repeat(50)}`, (spec) => spec)],
  ['SPEC_REFUSED', ray('strategy', (spec) => ({ ...spec, upgradeStrategy: { type: 'Sometimes' } }))],
];

/** Those that go another way on KubeRay, and one of each table. */
const onKubeRay: readonly FailureKind[] = [
  'unschedulable',
  'out-of-memory',
  'killed',
  'not-ready',
  'deploy-failed',
  'failed-reconcile',
  'image-unauthorized',
  'pod-security-denied',
  'model-gated',
  'model-not-found',
  'kv-cache-too-small',
  'engine-error',
];

/** An engine that ends with other words is the same pod with another log: all of those share one deployment. */
const engines = failureKinds.filter(isEngineFailure);
const onDynamo = failureKinds.filter((kind) => !isEngineFailure(kind));

let bench: Workbench;
let cluster: Cluster;

async function prepare(): Promise<void> {
  for (const index of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    const object = node(h100(index), index + 10, 'v1.35.4', new Date());
    await cluster.create(object);
    await cluster.patch(
      { group: '', kind: 'Node' },
      object.metadata,
      { status: object.status },
      { subresource: 'status' },
    );
  }
  for (const name of [home, 'small']) await cluster.apply(namespace(name));
  const core = (kind: string, name: string, more: Spec, where = home) =>
    cluster.apply({ apiVersion: 'v1', kind, metadata: { name, namespace: where }, ...more });
  await core('Secret', 'known', { data: { OTHER: 'eA==' } });
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '100Gi' } } };
  await core('PersistentVolumeClaim', 'classless', { spec: claim });
  await core('PersistentVolumeClaim', 'slow', { spec: { ...claim, storageClassName: 'slow' } });
  await core('ResourceQuota', 'team', { spec: { hard: { 'requests.nvidia.com/gpu': '0' } } }, 'small');
}

beforeAll(async () => {
  const failures = failureKinds.map((kind) => ({ match: `${home}/*-${kind}`, kind }));
  bench = await startWorkbench({ speed: Number.POSITIVE_INFINITY, failures });
  ({ cluster } = await bench.foundry.site(undefined));
  await prepare();
  const wanted = { namespace: home, model, managed: true };
  for (const kind of onDynamo) await cluster.apply(graph({ ...wanted, name: `d-${kind}` }));
  for (const kind of onKubeRay) await cluster.apply(rayService({ ...wanted, name: `r-${kind}` }));
  for (const [, object] of asked) await cluster.apply(object);
  await bench.sandbox.settled();
}, 60_000);
afterAll(() => bench.stop());

/** What an agent gets: the first code (or the wait), and what it costs. */
async function diagnosed(name: string) {
  bench.sandbox.api.clearRequests();
  const result = await bench.call(diagnoseDeployment, { name });
  if (!result.ok) throw new Error(result.error.message);
  const { findings, waiting, deployment } = diagnoseDeployment.output.parse(result.data);
  expect(bench.requests().length, `requests for ${name}`).toBeLessThanOrEqual(10);
  expect(countTokens(result.text), result.text).toBeLessThanOrEqual(400);
  const [first] = findings;
  return { code: first?.code ?? waiting?.code, text: result.text, reason: deployment.reason };
}

describe.each([
  ['dynamo', 'd', 0, onDynamo],
  ['kuberay', 'r', 1, onKubeRay],
] as const)('mishaps on %s', (_, prefix, column, kinds) => {
  test.each(kinds)('%s', async (kind) => {
    const { code, text } = await diagnosed(`${prefix}-${kind}`);
    expect(code, text).toBe(mishaps[kind][column]);
  });
});

test.each(engines)('an engine that fails with %s, and no more when that has passed', async (kind) => {
  const heal = bench.sandbox.fail(`${home}/d-crash-loop`, kind);
  const { code, text } = await diagnosed('d-crash-loop');
  expect(code, text).toBe(mishaps[kind][0]);
  heal();
  expect((await diagnosed('d-crash-loop')).code).toBe('GPU_OUT_OF_MEMORY');
});

test.each(asked.map(([code, { metadata }]) => [code, metadata.name] as const))('%s of %s', async (code, name) => {
  const found = await diagnosed(name);
  expect(found.code, found.text).toBe(code);
});

test('what looks the same has several causes', async () => {
  const seen = new Map<string, Set<string>>();
  const names = [...onDynamo.map((kind) => `d-${kind}`), ...onKubeRay.map((kind) => `r-${kind}`)];
  for (const name of [...names, ...asked.map(([, { metadata }]) => metadata.name)]) {
    const { reason, code = '' } = await diagnosed(name);
    seen.set(reason, new Set([...(seen.get(reason) ?? []), code]));
  }
  for (const reason of [
    'CrashLoopBackOff',
    'ImagePullBackOff',
    'CreateContainerConfigError',
    'Unschedulable',
    'FailedCreate',
    'DEPLOY_FAILED',
    'ValidationFailed',
  ])
    expect(seen.get(reason)?.size, `${reason}: ${[...(seen.get(reason) ?? [])].join(', ')}`).toBeGreaterThan(1);
});
