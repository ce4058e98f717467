import { listAt, numberAt, textAt, valueAt } from '../../kubernetes.ts';
import { gpusOf } from '../pods.ts';
import type { FieldChange } from '../provider.ts';
import type { WorkerRole } from '../spec.ts';
import type { LlmConfig } from './serve-config.ts';

/** Everything that runs the replicas of one role. */
export interface Part {
  readonly role: WorkerRole;
  readonly config: LlmConfig;
  /** Name of its worker group, and the `replicas` that the group shall have. */
  readonly group: string;
  readonly size: number;
}

export const groupName = (group: unknown): string => textAt(group, 'groupName') ?? '';

/** GPUs of one pod of a worker group. */
export const podGpus = (group: unknown): number => gpusOf(valueAt(group, 'template', 'spec', 'containers', 0)) ?? 0;

const hostsOf = (group: unknown): number => numberAt(group, 'numOfHosts') ?? 1;

/** The `replicas` of a group for so many model replicas, laid out as they are. */
export const sizeFor = (group: unknown, config: LlmConfig, replicas: number): number =>
  Math.ceil(podsFor(group, config, replicas) / hostsOf(group));

/** Pods for so many replicas: several per replica, several replicas per pod, or one each. */
function podsFor(group: unknown, config: LlmConfig, replicas: number): number {
  const gpus = podGpus(group);
  if (gpus > 0 && config.gpus > gpus) return replicas * Math.ceil(config.gpus / gpus);
  const pods = (numberAt(group, 'replicas') ?? 0) * hostsOf(group);
  const laidOut = pods > 0 ? Math.max(1, Math.ceil(config.replicas / pods)) : 1;
  const room = gpus > 0 ? Math.floor(gpus / config.gpus) : laidOut;
  return Math.ceil(replicas / Math.max(1, Math.min(room, laidOut)));
}

/** The sizes of a group; bounds that pin it, as ours do, move with it, others only as far as they must. */
function sizeChanges(group: unknown, path: FieldChange['path'], count: number): readonly FieldChange[] {
  const [replicas, least, most] = ['replicas', 'minReplicas', 'maxReplicas'].map((field) => numberAt(group, field));
  const pinned = least === most && least === replicas;
  const sizes = {
    replicas: count,
    minReplicas: pinned || count < (least ?? 0) ? count : least,
    maxReplicas: pinned || count > (most ?? count) ? count : most,
  };
  return Object.entries(sizes)
    .filter(([field, value]) => value !== numberAt(group, field))
    .map(([field, value]) => ({ path: [...path, field], value }));
}

/** What has to change in a RayClusterSpec that stands at a path. */
export function groupChanges(spec: unknown, at: FieldChange['path'], parts: readonly Part[]): readonly FieldChange[] {
  return listAt(spec, 'workerGroupSpecs').flatMap((group, index) => {
    const part = parts.find((candidate) => candidate.group === groupName(group));
    return part === undefined ? [] : sizeChanges(group, [...at, 'workerGroupSpecs', index], part.size);
  });
}
