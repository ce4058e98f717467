import { expect } from 'vitest';
import type { KubernetesObject } from '../../../src/kubernetes.ts';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import type { CrdFact, Facts, Have, OperatorFact, Status } from '../../../src/providers/provider.ts';
import { type DeploymentSpec, deploymentSpec } from '../../../src/providers/spec.ts';
import { keptOf, rowOf } from '../../support/kept.ts';

const namespace = 'models';

/** A spec as the foundry hands it over: parsed, with its namespace. */
export const specOf = (fields: object = {}): DeploymentSpec => ({
  ...deploymentSpec.parse({ name: 'qwen', runtime: 'kuberay', model: 'Qwen/Qwen3-8B', ...fields }),
  namespace,
});

export const helmOperator: OperatorFact = {
  namespace: 'kuberay-system',
  name: 'kuberay-operator',
  labels: {
    'app.kubernetes.io/name': 'kuberay-operator',
    'app.kubernetes.io/instance': 'ray',
    'app.kubernetes.io/managed-by': 'Helm',
    'helm.sh/chart': 'kuberay-operator-1.7.0',
  },
  annotations: { 'meta.helm.sh/release-name': 'ray' },
  images: ['quay.io/kuberay/operator:v1.7.0'],
  args: [],
  desired: 1,
  ready: 1,
  available: 1,
  deleting: false,
};

const fields16 = ['serveConfigV2', 'rayClusterConfig', 'managedBy'];

export const crd = (specFields: readonly string[] = [...fields16, 'suspend']): CrdFact => ({
  name: 'rayservices.ray.io',
  group: 'ray.io',
  plural: 'rayservices',
  kind: 'RayService',
  served: ['v1', 'v1alpha1'],
  storage: 'v1',
  specFields: { v1: specFields },
});

export const crd16 = crd(fields16);

export const factsOf = (facts: Partial<Facts> = {}): Facts => ({
  serverVersion: 'v1.35.4',
  crds: [crd()],
  operators: [helmOperator],
  nodes: [],
  unread: [],
  ...facts,
});

export const node = (name: string, gpus: number, fields: object = {}) => ({
  name,
  gpus,
  ready: true,
  schedulable: true,
  ...fields,
});

const at = (minute: number): string => `2026-11-25T10:${String(minute).padStart(2, '0')}:00Z`;

/** The moment of all that a test says nothing of. */
export const now = new Date(at(30));

export interface PodFields {
  readonly role?: 'head' | 'worker';
  readonly cluster?: string;
  readonly group?: string;
  readonly created?: number;
  readonly ready?: boolean;
  /** Minute in which Ready turned to what it is. */
  readonly since?: number;
  readonly scheduled?: boolean;
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly restarts?: number;
  readonly deleting?: boolean;
}

/** A pod of the cluster `qwen-a` that runs and is ready since minute 4, unless told otherwise. */
export function pod(name: string, fields: PodFields = {}): KubernetesObject {
  const { role = 'worker', cluster = 'qwen-a', created = 1, ready = true, since = 4, scheduled = true } = fields;
  const { group = role === 'head' ? 'headgroup' : 'gpu', waiting, restarts = 0, deleting = false } = fields;
  const failed = { exitCode: 137, reason: 'OOMKilled', startedAt: at(since), finishedAt: at(since) };
  const state = waiting ? { waiting } : { running: { startedAt: at(created + 1) } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      creationTimestamp: at(created),
      ...(deleting && { deletionTimestamp: at(9) }),
      labels: {
        'ray.io/cluster': cluster,
        'ray.io/node-type': role,
        'ray.io/group': group,
        'ray.io/serve': String(role === 'worker'),
      },
    },
    spec: scheduled ? { nodeName: 'gpu-0' } : {},
    status: {
      phase: scheduled ? 'Running' : 'Pending',
      conditions: scheduled
        ? [
            { type: 'PodScheduled', status: 'True' },
            {
              type: 'Ready',
              status: ready ? 'True' : 'False',
              reason: ready ? undefined : 'ContainersNotReady',
              lastTransitionTime: at(since),
            },
          ]
        : [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message: '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.',
            },
          ],
      containerStatuses: scheduled
        ? [
            {
              name: `ray-${role}`,
              ready,
              restartCount: restarts,
              state,
              lastState: restarts > 0 ? { terminated: failed } : {},
            },
          ]
        : [],
    },
  };
}

export const head = (name = 'qwen-a-head', fields: PodFields = {}): KubernetesObject =>
  pod(name, { role: 'head', ...fields });

/** A pod that was made and began to start a moment ago. */
export const starting: PodFields = { created: 9, ready: false, since: 9, waiting: { reason: 'ContainerCreating' } };

/** A RayCluster of the deployment `qwen`, provisioned in minute 5. */
export function rayCluster(
  name = 'qwen-a',
  fields: { readonly spec?: object; readonly conditions?: readonly object[] } = {},
): KubernetesObject {
  const provisioned = { type: 'RayClusterProvisioned', status: 'True', lastTransitionTime: at(5) };
  const headReady = { type: 'HeadPodReady', status: 'True', reason: 'HeadPodRunningAndReady' };
  return {
    apiVersion: 'ray.io/v1',
    kind: 'RayCluster',
    metadata: {
      name,
      namespace,
      labels: { 'ray.io/originated-from-cr-name': 'qwen', 'ray.io/originated-from-crd': 'RayService' },
    },
    spec: { ...clusterSpecOf({}), ...fields.spec },
    status: { conditions: [provisioned, headReady, ...(fields.conditions ?? [])] },
  };
}

/** The `rayClusterConfig` of a spec, as the operator copies it into RayClusters. */
export function clusterSpecOf(spec: object): object {
  const { primary } = kuberay.deploying.build(specOf(spec), factsOf());
  return JSON.parse(JSON.stringify(primary.spec)).rayClusterConfig;
}

export type Conditions = Readonly<Record<string, readonly [status: string, reason: string, message?: string]>>;

export interface ServiceFields {
  readonly spec?: object;
  /** Laid over the built `spec`. */
  readonly over?: object;
  readonly conditions?: Conditions;
  readonly active?: object;
  readonly pending?: object;
  readonly status?: object;
  readonly metadata?: object;
}

/** A RayService as `kuberay.deploying.build` writes it, with the status of one that serves from `qwen-a`. */
export function rayService(fields: ServiceFields = {}): KubernetesObject {
  const { primary } = kuberay.deploying.build(specOf(fields.spec), factsOf());
  const conditions = { ...serving, ...fields.conditions };
  return {
    ...primary,
    metadata: { ...primary.metadata, uid: 'u-1', generation: 2, creationTimestamp: at(0), ...fields.metadata },
    spec: { ...Object(primary.spec), ...fields.over },
    status: {
      conditions: Object.entries(conditions).map(([type, [status, reason, message]]) => ({
        type,
        status,
        reason,
        message,
      })),
      observedGeneration: 2,
      numServeEndpoints: 1,
      lastUpdateTime: at(6),
      activeServiceStatus: { rayClusterName: 'qwen-a', applicationStatuses: application('RUNNING'), ...fields.active },
      pendingServiceStatus: fields.pending ?? {},
      ...fields.status,
    },
  };
}

const serving: Conditions = {
  Ready: ['True', 'NonZeroServeEndpoints', 'Number of serve endpoints is greater than 0'],
  UpgradeInProgress: ['False', 'NoPendingCluster'],
};

/** A RayService whose first cluster, `qwen-a`, is still being made. */
export const firstDeploy = (fields: ServiceFields = {}): KubernetesObject =>
  rayService({
    ...fields,
    conditions: { Ready: ['False', 'Initializing', 'RayService is initializing'], ...fields.conditions },
    pending: { rayClusterName: 'qwen-a', ...fields.pending },
    status: { activeServiceStatus: {}, numServeEndpoints: undefined, ...fields.status },
  });

export const application = (status: string, message?: string): object => ({ llms: { status, message } });

export const upgrading: Conditions = { UpgradeInProgress: ['True', 'BothActivePendingClustersExist'] };

export const have = (objects: readonly KubernetesObject[], unreadable: readonly string[] = []): Have => ({
  answered: [],
  failed: unreadable.map((kind) => ({ query: { group: '', kind }, code: 'FORBIDDEN', message: `cannot list ${kind}` })),
  objects,
});

/** The status of one RayService beside these objects; live views, which keep less of each, say the same. */
export function statusOf(
  primary: KubernetesObject,
  objects: readonly KubernetesObject[],
  unreadable: readonly string[] = [],
): Status {
  const [snapshot] = kuberay.reading.snapshots([primary], have(objects, unreadable), now);
  if (!snapshot) throw new Error('there is no snapshot');
  expect(rowOf(kuberay, keptOf(kuberay, snapshot))).toEqual(rowOf(kuberay, snapshot));
  return kuberay.reading.status(snapshot);
}
