import { entriesAt, type KubernetesObject, listAt, numberAt, textAt, valueAt } from '../../../kubernetes.ts';

export interface Refusal {
  readonly event: 'InvalidRayServiceMetadata' | 'InvalidRayServiceSpec';
  readonly message: string;
}

const label = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const goDuration = /^([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+$/;
const strategies = ['NewClusterWithIncrementalUpgrade', 'NewCluster', 'None'];
const timeout = 'ray.io/initializing-timeout';

function metadataProblem({ metadata }: KubernetesObject): string | undefined {
  if (metadata.name.length > 47) return 'RayService name should be no more than 47 characters';
  if (!label.test(metadata.name)) {
    return "RayService name should be a valid DNS1035 label: [a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')]";
  }
  const given = metadata.annotations?.[timeout];
  if (given === undefined) return undefined;
  const number = /^-?[0-9]+$/.test(given);
  if (!number && !goDuration.test(given)) {
    return `RayService annotations is invalid: annotation ${timeout} has invalid format: ${given}. Expected Go duration format (e.g., '5m', '1h') or positive integer seconds`;
  }
  if (number && Number(given) <= 0) {
    return `RayService annotations is invalid: annotation ${timeout} must be a positive duration, got: ${given}`;
  }
  return undefined;
}

const clashes = (group: unknown): boolean =>
  entriesAt(group, 'resources').length > 0 &&
  entriesAt(group, 'rayStartParams').some(([name]) => ['num-cpus', 'num-gpus', 'memory', 'resources'].includes(name));

function specProblem(service: KubernetesObject): string | undefined {
  const strategy = textAt(service, 'spec', 'upgradeStrategy', 'type');
  if (strategy !== undefined && strategy !== '' && !strategies.includes(strategy)) {
    return `Spec.UpgradeStrategy.Type value ${strategy} is invalid, valid options are ${strategies[0]}, ${strategies[1]}, or ${strategies[2]}`;
  }
  const cluster = valueAt(service, 'spec', 'rayClusterConfig');
  const head = valueAt(cluster, 'headGroupSpec');
  const groups = listAt(cluster, 'workerGroupSpecs');
  if (listAt(head, 'template', 'spec', 'containers').length === 0)
    return 'headGroupSpec should have at least one container';
  if (groups.some((group) => listAt(group, 'template', 'spec', 'containers').length === 0)) {
    return 'workerGroupSpec should have at least one container';
  }
  const both = (name: string) =>
    `resource fields should not be set in both rayStartParams and Resources for ${name} group; please use only one`;
  if (clashes(head)) return both('Head');
  for (const group of groups) {
    const name = textAt(group, 'groupName') ?? '';
    if (clashes(group)) return both(name);
    const least = numberAt(group, 'minReplicas') ?? 0;
    const most = numberAt(group, 'maxReplicas') ?? 0;
    if (least > most) return `worker group ${name} has minReplicas ${least} greater than maxReplicas ${most}`;
  }
  return undefined;
}

/** What the operator itself refuses in a RayService (v1.7.0), which admission lets through. */
export function refusalOf(service: KubernetesObject): Refusal | undefined {
  const metadata = metadataProblem(service);
  if (metadata !== undefined) {
    return { event: 'InvalidRayServiceMetadata', message: `The RayService metadata is invalid: ${metadata}` };
  }
  const spec = specProblem(service);
  return spec === undefined
    ? undefined
    : { event: 'InvalidRayServiceSpec', message: `The RayService spec is invalid: ${spec}` };
}
