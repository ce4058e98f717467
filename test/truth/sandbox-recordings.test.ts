import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { entriesAt, type KubernetesObject, listAt, textAt, valueAt } from '../../src/kubernetes.ts';
import { type Lab, openLab } from '../sandbox/lab.ts';
import { kubernetesObjects, truthFolder } from '../support/truth.ts';

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
  return plain.replace(/\b10\.\d+\.\d+\.\d+\b/g, 'IP');
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
  await lab.sandbox.settled();
});
afterEach(() => lab.clear());
afterAll(() => lab.close());

describe.each(Object.entries(cases))('%s: the simulated operator does what the recorded one did', (runtime, names) => {
  it.each(names)('%s', async (name) => {
    const [primary, ...rest] = kubernetesObjects(join(truthFolder('recordings', runtime, name), 'snapshot.yaml'));
    if (primary === undefined) throw new Error('the recording is empty');
    const { namespace = '', labels = {}, annotations = {} } = primary.metadata;
    const own = Object.entries(annotations).filter(([key]) => !key.startsWith('nvidia.com/'));
    await lab.cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await lab.cluster.apply({
      apiVersion: primary.apiVersion,
      kind: primary.kind,
      metadata: { name: primary.metadata.name, namespace, labels, annotations: Object.fromEntries(own) },
      spec: runtime === 'kuberay' ? asSent(primary.spec) : primary.spec,
    });
    await lab.sandbox.settled();
    const made = await lab.get(runtime === 'dynamo' ? 'graph' : 'rayService', namespace, primary.metadata.name);
    const children = (await Promise.all(kinds.map((kind) => lab.list(kind, namespace)))).flat();
    const recorded = rest.filter(({ kind }) => recordedKinds.some((known) => known === kind));
    // Dynamo's recordings leave EndpointSlices out.
    const kept = children.filter(({ kind }) => runtime === 'kuberay' || kind !== 'EndpointSlice');
    expect(shown(made, kept)).toEqual(shown(primary, recorded));
  });
});
