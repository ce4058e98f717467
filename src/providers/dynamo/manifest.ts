import type { KubernetesObject } from '../../kubernetes.ts';
import type { Facts, Manifests } from '../provider.ts';
import type { DeploymentSpec } from '../spec.ts';
import { type Choices, type Component, choicesOf, componentsOf } from './components.ts';
import { detect } from './installation.ts';
import { engineAnnotation, modeAnnotation, modelAnnotation, ourLabels } from './labels.ts';
import { defaultVersion } from './releases.ts';

export const group = 'nvidia.com';
export const kind = 'DynamoGraphDeployment';

/** What every pod of a deployment has in common. */
interface PodTraits {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly secret: string | undefined;
  /** Fields of the pod's spec that the user asked for. */
  readonly placement: Readonly<Record<string, unknown>>;
}

/** Fields whose value is not undefined: what was not asked for is not written. */
const given = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const unlessEmpty = <Value>(list: readonly Value[]): readonly Value[] | undefined =>
  list.length === 0 ? undefined : list;

/** Requests and limits alike, under the names that an API version has for them; undefined where nothing is asked for. */
function resourcesOf({ gpus, cpu, memory }: Component, gpuName: string): unknown {
  const amounts = given({ cpu, memory });
  const gpu = gpus === 0 ? {} : { [gpuName]: String(gpus) };
  if (Object.keys({ ...amounts, ...gpu }).length === 0) return undefined;
  return { ...(Object.keys(amounts).length === 0 ? {} : { requests: amounts }), limits: { ...amounts, ...gpu } };
}

/** v1beta1 (operator 1.2 and later): a list of components, each with an ordinary pod template. */
function betaComponent(component: Component, pod: PodTraits): unknown {
  const { name, role, replicas, image, runtimeVersion, command, args, environment } = component;
  const container = given({
    name: 'main',
    image,
    command: unlessEmpty(command),
    args: unlessEmpty(args),
    env: unlessEmpty(environment),
    envFrom: pod.secret === undefined ? undefined : [{ secretRef: { name: pod.secret } }],
    resources: resourcesOf(component, 'nvidia.com/gpu'),
  });
  return given({
    name,
    type: role,
    replicas,
    runtimeVersionOverride: runtimeVersion,
    podTemplate: {
      metadata: { labels: pod.labels, annotations: pod.annotations },
      spec: { ...pod.placement, containers: [container] },
    },
  });
}

/** v1alpha1: a map of services with fields of their own, and a worker's half of the work in a second field. */
function alphaService(component: Component, pod: PodTraits): unknown {
  const { role, replicas, image, runtimeVersion, command, args, environment } = component;
  const half = role === 'prefill' || role === 'decode';
  const mainContainer = given({ image, command: unlessEmpty(command), args: unlessEmpty(args) });
  return given({
    componentType: half ? 'worker' : role,
    subComponentType: half ? role : undefined,
    replicas,
    runtimeVersionOverride: runtimeVersion,
    envs: unlessEmpty(environment),
    envFromSecret: pod.secret,
    resources: resourcesOf(component, 'gpu'),
    extraPodMetadata: { labels: pod.labels, annotations: pod.annotations },
    extraPodSpec: { ...pod.placement, mainContainer },
  });
}

function podTraits(spec: DeploymentSpec, { engine, mode }: Choices): PodTraits {
  return {
    labels: ourLabels(spec.name),
    annotations: { [modelAnnotation]: spec.model, [engineAnnotation]: engine, [modeAnnotation]: mode },
    secret: spec.hfTokenSecret,
    placement: given({ nodeSelector: spec.nodeSelector, tolerations: spec.tolerations }),
  };
}

function warningsOf(spec: DeploymentSpec, facts: Facts, { mode }: Choices): readonly string[] {
  const warnings: string[] = [];
  if (mode === 'disaggregated') {
    warnings.push('Prefill hands its cache to decode over the network: without RDMA that is 200 to 500 times slower.');
  }
  if (spec.router === 'direct') {
    warnings.push('Router direct answers only requests that name their worker, as an inference gateway does.');
  }
  if (detect(facts).version === undefined && spec.image === undefined) {
    warnings.push(`The operator's version is not known, so the image is that of Dynamo ${defaultVersion}.`);
  }
  return warnings;
}

/** The DynamoGraphDeployment for a validated spec, in the version that the cluster's CRD takes (v1beta1 where unknown). */
export function build(spec: DeploymentSpec, facts: Facts): Manifests {
  const choices = choicesOf(spec, facts);
  const components = componentsOf(spec, choices);
  const pod = podTraits(spec, choices);
  const apiVersion = detect(facts).writeVersion ?? `${group}/v1beta1`;
  const shape =
    apiVersion === `${group}/v1alpha1`
      ? { services: Object.fromEntries(components.map((component) => [component.name, alphaService(component, pod)])) }
      : { components: components.map((component) => betaComponent(component, pod)) };
  const primary: KubernetesObject = {
    apiVersion,
    kind,
    metadata: { name: spec.name, namespace: spec.namespace, labels: pod.labels, annotations: pod.annotations },
    spec: { backendFramework: choices.engine, ...shape },
  };
  return { primary, extra: [], warnings: warningsOf(spec, facts, choices) };
}
