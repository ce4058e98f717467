import type { KubernetesObject } from '../../kubernetes.ts';
import type { Manifests } from '../provider.ts';
import { canonicalQuantity } from '../quantities.ts';
import type { DeploymentSpec } from '../spec.ts';
import { rayVersionOf } from './images.ts';
import { defaultImage, defaultRayVersion } from './releases.ts';
import { askedReplicas, buildServeConfig, type LlmConfig, replicasOf } from './serve-config.ts';

/** The annotations that say what a manifest serves. Labels are copied by the operator to the RayCluster, these too. */
const annotation = {
  model: 'kubefoundry.io/model',
  engine: 'kubefoundry.io/engine',
  mode: 'kubefoundry.io/mode',
} as const;

/** The worker roles of a spec: one group of workers, or prefill and decode apart. */
export const rolesOf = ({ mode }: DeploymentSpec): readonly LlmConfig['role'][] =>
  mode === 'disaggregated' ? ['prefill', 'decode'] : ['worker'];

/** Whether the spec asks for no replica at all. */
export const isStopped = (spec: DeploymentSpec): boolean =>
  rolesOf(spec).every((role) => askedReplicas(spec, role) === 0);

/** CPUs of a worker: tensor parallel actors, the replica's own, two for the OpenAI ingress, which shares the workers. */
export const workerCpus = (gpus: number): number => Math.max(4, gpus + 3);

/** Memory of a worker that nobody asked for otherwise. */
export const workerMemory = (gpus: number): string => canonicalQuantity(`${32 * gpus}Gi`);

const labelsOf = (spec: DeploymentSpec) => ({
  'app.kubernetes.io/managed-by': 'kubefoundry',
  'app.kubernetes.io/instance': spec.name,
  'kubefoundry.io/provider': 'kuberay',
});

/** A head that declares ports must name `dashboard` and `serve`, or the operator waits for ever without a word. */
const headPorts = [
  { name: 'gcs-server', containerPort: 6379 },
  { name: 'dashboard', containerPort: 8265 },
  { name: 'client', containerPort: 10001 },
  { name: 'serve', containerPort: 8000 },
  { name: 'metrics', containerPort: 8080 },
];

/** Workers download the model, the head builds the application: both need the token. */
const tokenOf = (spec: DeploymentSpec) =>
  spec.hfTokenSecret === undefined
    ? {}
    : { env: [{ name: 'HF_TOKEN', valueFrom: { secretKeyRef: { name: spec.hfTokenSecret, key: 'HF_TOKEN' } } }] };

/** What every worker puts up with: nodes with GPUs are tainted so. */
export const gpuToleration = { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' } as const;

/** Without empty values, which the operator's types would drop when it writes the object back. */
const tolerationsOf = ({ tolerations = [] }: DeploymentSpec) =>
  tolerations.map(({ value, ...toleration }) =>
    value === undefined || value === '' ? toleration : { ...toleration, value },
  );

const unlessEmpty = (field: string, value: object) => (Object.keys(value).length === 0 ? {} : { [field]: value });

function headGroup(spec: DeploymentSpec) {
  const resources = { cpu: '2', memory: '8Gi' };
  return {
    rayStartParams: { 'num-cpus': '0', 'num-gpus': '0', 'dashboard-host': '0.0.0.0' },
    template: {
      metadata: { labels: labelsOf(spec) },
      spec: {
        containers: [
          {
            name: 'ray-head',
            image: spec.image ?? defaultImage,
            ports: headPorts,
            ...tokenOf(spec),
            resources: { requests: { ...resources }, limits: { ...resources } },
          },
        ],
        ...unlessEmpty('tolerations', tolerationsOf(spec)),
      },
    },
  };
}

function workerGroup(spec: DeploymentSpec, role: LlmConfig['role']) {
  const gpus = spec.gpus ?? 1;
  const resources = {
    cpu: canonicalQuantity(spec.cpu ?? String(workerCpus(gpus))),
    memory: spec.memory === undefined ? workerMemory(gpus) : canonicalQuantity(spec.memory),
    'nvidia.com/gpu': String(gpus),
  };
  const replicas = replicasOf(spec, role);
  return {
    groupName: role === 'worker' ? 'gpu' : role,
    replicas,
    minReplicas: replicas,
    maxReplicas: replicas,
    numOfHosts: 1,
    rayStartParams: {},
    // The operator writes this and the template's metadata itself where they are missing, takes the whole list over and makes every later apply conflict.
    scaleStrategy: {},
    template: {
      metadata: { labels: labelsOf(spec) },
      spec: {
        containers: [
          {
            name: 'ray-worker',
            image: spec.image ?? defaultImage,
            ...tokenOf(spec),
            resources: { requests: { ...resources }, limits: { ...resources } },
          },
        ],
        ...unlessEmpty('nodeSelector', { ...spec.nodeSelector }),
        tolerations: [{ ...gpuToleration }, ...tolerationsOf(spec)],
      },
    },
  };
}

/** The RayService of a spec that {@link validate} lets pass. Valid for KubeRay 1.6 and 1.7; applying it again changes nothing. */
export function build(spec: DeploymentSpec): Manifests {
  const primary: KubernetesObject = {
    apiVersion: 'ray.io/v1',
    kind: 'RayService',
    metadata: {
      name: spec.name,
      namespace: spec.namespace,
      labels: labelsOf(spec),
      annotations: {
        [annotation.model]: spec.model,
        [annotation.engine]: 'vllm',
        [annotation.mode]: spec.mode ?? 'aggregated',
      },
    },
    spec: {
      ...(isStopped(spec) ? { suspend: true } : {}),
      excludeHeadPodFromServeSvc: true,
      serveConfigV2: buildServeConfig(spec),
      rayClusterConfig: {
        rayVersion: rayVersionOf(spec.image ?? defaultImage) ?? defaultRayVersion,
        headGroupSpec: headGroup(spec),
        workerGroupSpecs: rolesOf(spec).map((role) => workerGroup(spec, role)),
      },
    },
  };
  return { primary, extra: [], warnings: [] };
}
