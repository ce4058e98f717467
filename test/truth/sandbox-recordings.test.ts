import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { entriesAt, type KubernetesObject, listAt, textAt, valueAt } from '../../src/kubernetes.ts';
import { h100, node } from '../../src/sandbox/scenarios/nodes.ts';
import { type Lab, openLab } from '../sandbox/lab.ts';
import { foldersIn, kubernetesObjects, truthFolder } from '../support/truth.ts';

/** Recordings of deployments that were created once and left alone: the simulated operators must make the same of them. */
const cases = {
  dynamo: [
    'ready',
    'disaggregated-ready',
    'dotted-name',
    'frontend-named-gateway',
    'untyped-worker',
    'no-multinode-orchestrator',
  ],
  kuberay: [
    'ready',
    'ready-two-replicas',
    'ready-two-apps',
    'two-workergroups-ready',
    'multihost-ready',
    'no-labels-made-by-others',
    'suspended-rayclusterconfig',
    'validation-failed-first',
    'validation-failed-first-name',
    'group-name-invalid',
    'bad-serveconfig-yaml',
    'no-dashboard-port',
    'no-serve-port',
  ],
} as const;

const kinds = ['component', 'deployment', 'service', 'pod', 'rayCluster', 'slice'] as const;
const recordedKinds = [
  'DynamoComponentDeployment',
  'Deployment',
  'Service',
  'Pod',
  'RayCluster',
  'EndpointSlice',
] as const;

/** What differs from run to run, replaced: hashes, random suffixes, addresses. */
function settled(text: string, random: readonly (readonly [string, string])[]): string {
  let plain = text;
  for (const [from, to] of random) plain = plain.replaceAll(from, to);
  return plain.replace(/\b10\.\d+\.\d+\.\d+\b/g, 'IP').replace(/(gpu_group-worker)-[a-z0-9]{5}/g, '$1-SUFFIX');
}

const timed = new Set(['lastTransitionTime', 'lastUpdateTime', 'startTime', 'endTime', 'stateTransitionTimes']);
/** The copy of the RayCluster's status inside a RayService is often stale; the RayCluster itself is compared. */
const stale = new Set(['rayClusterStatus']);
/** What the operator wrote into the spec when it took the object over: a user's manifest lacks it. */
const written = new Set(['scaleStrategy', 'metadata']);

/** A value without its times, with what is random replaced. */
function plain(value: unknown, random: readonly (readonly [string, string])[]): unknown {
  if (typeof value === 'string') return settled(value, random);
  if (Array.isArray(value)) return value.map((item) => plain(item, random));
  if (typeof value !== 'object' || value === null) return value;
  // How far an application has got that is coming up depends on the moment.
  if (Reflect.get(value, 'status') === 'DEPLOYING') return { status: 'DEPLOYING' };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !timed.has(key) && !stale.has(key))
      .map(([key, item]) => [settled(key, random), plain(item, random)]),
  );
}

/** The spec as the user sent it. */
function asSent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asSent);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, item]) => !written.has(key) || entriesAt(item).length > 0);
  return Object.fromEntries(kept.map(([key, item]) => [key, asSent(item)]));
}

/** The random texts of a deployment, longest first, with what stands for them. */
function randomIn(
  primary: KubernetesObject,
  children: readonly KubernetesObject[],
): readonly (readonly [string, string])[] {
  const hash = primary.metadata.annotations?.['nvidia.com/current-worker-hash-v2'];
  const found = new Map<string, string>(hash === undefined ? [] : [[hash, 'HASH']]);
  for (const { kind, metadata } of children) {
    const suffix = /-([a-z0-9]{5})$/.exec(metadata.name)?.[1];
    if ((kind === 'Pod' || kind === 'EndpointSlice' || kind === 'RayCluster') && suffix !== undefined) {
      found.set(suffix, kind === 'RayCluster' ? 'CLUSTER' : 'SUFFIX');
    }
    const replica = metadata.labels?.['ray.io/worker-group-replica-name'];
    if (replica !== undefined) found.set(replica, 'REPLICA');
    const template = metadata.labels?.['pod-template-hash'];
    if (template !== undefined) found.set(template, 'TEMPLATE');
  }
  return [...found];
}

/** Name, labels and owner of a child, as text. */
function child(object: KubernetesObject, random: readonly (readonly [string, string])[]): string {
  const { kind, metadata } = object;
  const labels = Object.entries(metadata.labels ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
  const owner = metadata.ownerReferences?.[0];
  return settled(
    [
      `${kind} ${metadata.name} of ${owner?.kind}/${owner?.name}`,
      ...labels.map(([key, text]) => `  ${key}=${text}`),
    ].join('\n'),
    random,
  );
}

const shown = (primary: KubernetesObject, children: readonly KubernetesObject[]) => {
  const random = randomIn(primary, children);
  const services = children.filter(({ kind }) => kind === 'Service');
  return {
    metadata: {
      finalizers: primary.metadata.finalizers,
      generation: primary.metadata.generation,
      annotations: entriesAt(primary, 'metadata', 'annotations')
        .map(([key]) => key)
        .sort(),
    },
    status: plain(primary.status, random),
    children: children.map((object) => child(object, random)).sort(),
    services: services
      .map((service) => ({
        name: settled(service.metadata.name, random),
        selector: plain(valueAt(service, 'spec', 'selector'), random),
        ports: listAt(service, 'spec', 'ports').map((port) => [textAt(port, 'name'), valueAt(port, 'port')]),
      }))
      .sort((left, right) => (left.name < right.name ? -1 : 1)),
    clusters: children.filter(({ kind }) => kind === 'RayCluster').map(({ status }) => plain(status, random)),
  };
};

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ scenario: 'empty', speed: Number.POSITIVE_INFINITY });
  const signal = AbortSignal.timeout(30_000);
  for (const [runtime, chart, version] of [
    ['dynamo', 'dynamo-platform', '1.5.0'],
    ['kuberay', 'kuberay-operator', '1.6.2'],
  ] as const) {
    const step = {
      kind: 'helm',
      action: 'install',
      release: chart,
      namespace: `${runtime}-system`,
      chart,
      version,
    } as const;
    await lab.sandbox.installer.carryOut(step, lab.cluster, () => {}, signal);
  }
  const machine = node(h100(1), 3, 'v1.35.4', new Date());
  await lab.cluster.create(machine);
  await lab.cluster.patch(
    { group: '', kind: 'Node' },
    machine.metadata,
    { status: machine.status },
    { subresource: 'status' },
  );
  await lab.sandbox.settled();
});
afterEach(() => lab.clear());
afterAll(() => lab.close());

/** The cases of that runtime that the folder at hand holds. */
const present = (runtime: keyof typeof cases): readonly string[] => {
  const folders = foldersIn(truthFolder('recordings', runtime));
  return cases[runtime].filter((name) => folders.includes(name));
};

/** The recorded deployment and its children. */
function recording(runtime: string, name: string): readonly [KubernetesObject, readonly KubernetesObject[]] {
  const [primary, ...rest] = kubernetesObjects(join(truthFolder('recordings', runtime, name), 'snapshot.yaml'));
  if (primary === undefined) throw new Error(`the recording ${runtime}/${name} is empty`);
  return [primary, rest.filter(({ kind }) => recordedKinds.some((known) => known === kind))];
}

/** Asks for what was recorded, and answers what the simulated operators made of it. */
async function made(runtime: 'dynamo' | 'kuberay', { apiVersion, kind, metadata, spec }: KubernetesObject) {
  const { name, namespace = '', labels = {}, annotations = {} } = metadata;
  const own = Object.fromEntries(Object.entries(annotations).filter(([key]) => !key.startsWith('nvidia.com/')));
  await lab.cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  // The containers of the recordings did not run; these do, and take their token from it.
  const token = { name: 'hf-token-secret', namespace };
  await lab.cluster.apply({ apiVersion: 'v1', kind: 'Secret', metadata: token, data: { HF_TOKEN: 'eA==' } });
  await lab.cluster.apply({
    apiVersion,
    kind,
    metadata: { name, namespace, labels, annotations: own },
    spec: runtime === 'kuberay' ? asSent(spec) : spec,
  });
  await lab.sandbox.settled();
  const children = (await Promise.all(kinds.map((each) => lab.list(each, namespace)))).flat();
  // Dynamo's recordings leave EndpointSlices out.
  const kept = children.filter((child) => runtime === 'kuberay' || child.kind !== 'EndpointSlice');
  return shown(await lab.get(runtime === 'dynamo' ? 'graph' : 'rayService', namespace, name), kept);
}

describe('the simulated operators do what the recorded ones did', () => {
  for (const runtime of ['dynamo', 'kuberay'] as const) {
    it.each(present(runtime))(`${runtime}: %s`, async (name) => {
      const [primary, children] = recording(runtime, name);
      expect(await made(runtime, primary)).toEqual(shown(primary, children));
    });
  }

  it('a child that is missing or labelled otherwise would be seen', () => {
    const pod: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a-4xk2z', labels: { role: 'x' } },
    };
    const other = { ...pod, metadata: { ...pod.metadata, labels: { role: 'y' } } };
    const primary: KubernetesObject = { apiVersion: 'ray.io/v1', kind: 'RayService', metadata: { name: 'a' } };
    expect(shown(primary, [pod])).not.toEqual(shown(primary, []));
    expect(shown(primary, [pod])).not.toEqual(shown(primary, [other]));
    const again = { ...pod, metadata: { ...pod.metadata, name: 'a-7qm4d' } };
    expect(shown(primary, [pod])).toEqual(shown(primary, [again]));
  });
});
