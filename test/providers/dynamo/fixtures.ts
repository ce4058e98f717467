import { expect } from 'vitest';
import type { KubernetesObject } from '../../../src/kubernetes.ts';
import { dynamo } from '../../../src/providers/dynamo/provider.ts';
import type { CrdFact, Facts, OperatorFact, Snapshot, Status } from '../../../src/providers/provider.ts';
import { type DeploymentSpec, deploymentSpec } from '../../../src/providers/spec.ts';
import { keptOf, rowOf } from '../../support/kept.ts';
import { read } from '../../support/responder.ts';
import { type PodState, podStates } from '../pod-states.ts';

const namespace = 'models';
const graphName = 'chat';

/** A component as a user writes it in v1beta1. */
export const component = (name: string, type: string | undefined, fields: object = {}) => ({
  name,
  type,
  replicas: 1,
  podTemplate: { spec: { containers: [{ name: 'main', image: 'nvcr.io/nvidia/ai-dynamo/vllm-runtime:1.5.0' }] } },
  ...fields,
});

/** A DynamoGraphDeployment with a frontend and one worker, unless it is told other things. */
export function graph(
  fields: { readonly spec?: unknown; readonly status?: unknown; readonly metadata?: object } = {},
): KubernetesObject {
  const components = [component('Frontend', 'frontend'), component('worker', 'worker')];
  return {
    apiVersion: 'nvidia.com/v1beta1',
    kind: 'DynamoGraphDeployment',
    metadata: { name: graphName, namespace, uid: 'uid-chat', generation: 1, ...fields.metadata },
    spec: 'spec' in fields ? fields.spec : { components },
    ...('status' in fields
      ? { status: fields.status }
      : { status: reported('pending', 'some_resources_are_not_ready') }),
  };
}

export const withComponents = (...components: readonly object[]): KubernetesObject => graph({ spec: { components } });

/** What the operator reports of the whole. */
export const reported = (state: string, reason: string, fields: object = {}) => ({
  state,
  observedGeneration: 1,
  conditions: [
    {
      type: 'Ready',
      status: state === 'successful' ? 'True' : 'False',
      reason,
      message: `${reason.replaceAll('_', ' ')}`,
      observedGeneration: 1,
    },
  ],
  ...fields,
});

const labelsOf = (name: string) => ({
  'nvidia.com/dynamo-graph-deployment-name': graphName,
  'nvidia.com/dynamo-component': name,
});

let made = 0;

/** A pod of a component in one of the states that pods can be in. */
export function pod(name: string, state: PodState, metadata: { readonly labels?: object } = {}): KubernetesObject {
  made += 1;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name.toLowerCase()}-${made}`,
      namespace,
      ...metadata,
      labels: { ...labelsOf(name), ...metadata.labels },
    },
    status: podStates[state],
  };
}

/** The Kubernetes Deployment of a component, with a condition if there is something to say. */
export const workload = (name: string, condition?: object): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `${graphName}-${name.toLowerCase()}`, namespace, labels: labelsOf(name) },
  status: { conditions: condition === undefined ? [] : [condition] },
});

/** A DynamoComponentDeployment with its Available condition. */
export const componentObject = (name: string, available: object): KubernetesObject => ({
  apiVersion: 'nvidia.com/v1beta1',
  kind: 'DynamoComponentDeployment',
  metadata: { name: `${graphName}-${name.toLowerCase()}`, namespace, labels: labelsOf(name) },
  status: { conditions: [{ type: 'Available', status: 'False', ...available }] },
});

export const service = (
  name: string,
  fields: { readonly type?: string; readonly ports?: readonly object[] } = {},
): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: `${graphName}-${name.toLowerCase()}`, namespace, labels: labelsOf(name) },
  spec: {
    selector: { 'nvidia.com/dynamo-component': name, 'nvidia.com/dynamo-component-type': fields.type ?? 'frontend' },
    ports: fields.ports ?? [{ name: 'http', port: 8000 }],
  },
});

/** Reads a deployment from a cluster that holds these objects, through what the provider asks for. */
export function snapshot(
  primary: KubernetesObject,
  objects: readonly KubernetesObject[] = [],
  unreadable: readonly string[] = [],
): Snapshot {
  const have = read(dynamo, [primary], objects, unreadable);
  const [found] = dynamo.reading.snapshots([primary], have, new Date('2026-11-01T12:00:00Z'));
  if (!found) throw new Error('no snapshot');
  return found;
}

/** Live views, which keep less of each object, say the same. */
export function statusOf(...situation: Parameters<typeof snapshot>): Status {
  const found = snapshot(...situation);
  expect(rowOf(dynamo, keptOf(dynamo, found))).toEqual(rowOf(dynamo, found));
  return dynamo.reading.status(found);
}

export const crd: CrdFact = {
  name: 'dynamographdeployments.nvidia.com',
  group: 'nvidia.com',
  plural: 'dynamographdeployments',
  kind: 'DynamoGraphDeployment',
  served: ['v1alpha1', 'v1beta1'],
  storage: 'v1beta1',
  established: true,
  conversion: 'Webhook',
  conversionCa: true,
};

export const operator = (version: string, fields: Partial<OperatorFact> = {}): OperatorFact => ({
  namespace: 'dynamo-system',
  name: 'dynamo-platform-dynamo-operator-controller-manager',
  labels: {
    'app.kubernetes.io/name': 'dynamo-operator',
    'app.kubernetes.io/instance': 'dynamo-platform',
    'app.kubernetes.io/managed-by': 'Helm',
    'app.kubernetes.io/version': version,
  },
  annotations: { 'meta.helm.sh/release-name': 'dynamo-platform' },
  images: [`nvcr.io/nvidia/ai-dynamo/kubernetes-operator:${version}`],
  initContainers: ['crd-apply'],
  args: [`--operator-version=${version}`],
  desired: 1,
  ready: 1,
  available: 1,
  deleting: false,
  ...fields,
});

/** A cluster with Dynamo of one version in good health. */
export const cluster = (version: string, fields: Partial<Facts> = {}): Facts => ({
  serverVersion: 'v1.35.4',
  crds: [crd],
  operators: [operator(version)],
  nodes: [],
  unread: [],
  ...fields,
});

/** What a user asks for, checked by the schema as every front end does. */
export const wanted = (fields: Record<string, unknown> = {}): DeploymentSpec => ({
  ...deploymentSpec.parse({ name: graphName, runtime: 'dynamo', model: 'Qwen/Qwen3-0.6B', ...fields }),
  namespace,
});
