import { type KubernetesObject, valueAt } from '../../kubernetes.ts';
import type { WorkerRole } from '../spec.ts';
import { type Cluster, type RayPod, workerRole } from './clusters.ts';
import { asksForNothing, headGroup, type PodGroup, workerGroups } from './parse.ts';
import { type LlmConfig, type ServeConfig, serveConfigOf } from './serve-config.ts';

/** The model replicas of one role: how many are wanted, and how many a set of pods makes up. */
export interface RoleReplicas {
  readonly role: WorkerRole;
  /** null where the config tells none. */
  readonly desired: number | null;
  /** GPUs of one replica. */
  readonly gpus: number | null;
  /** Replicas that these pods of the role can hold; of a role of unknown size, its pods. */
  capacity(pods: readonly RayPod[]): number;
  /** Whether a pod works for this role. */
  owns(pod: RayPod): boolean;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Pods without GPUs hold the ingress beside those with GPUs; alone they hold the model, and the head where there are no workers. */
function modelGroups(cluster: unknown): readonly PodGroup[] {
  const workers = workerGroups(cluster);
  const head = headGroup(cluster);
  const withGpus = [...workers, head].filter((group) => group.gpus > 0);
  return withGpus.length > 0 ? withGpus : workers.length > 0 ? workers : [head];
}

/** GPUs of a replica that pods of this size serve: the largest that fits in one pod, else the smallest, spread over several. */
function replicaGpus(configs: readonly LlmConfig[], podGpus: number): number {
  const sizes = configs.map((config) => config.gpus);
  const fitting = sizes.filter((size) => size <= podGpus);
  return fitting.length > 0 ? Math.max(...fitting) : Math.min(...sizes);
}

/** ⌊pods ÷ pods per replica⌋ of one size; pods that were laid out for several replicas each count as several. */
function held(configs: readonly LlmConfig[], podGpus: number, pods: number, perPod: number): number {
  if (podGpus === 0) return pods;
  const gpus = replicaGpus(configs, podGpus);
  return gpus > podGpus
    ? Math.floor(pods / Math.ceil(gpus / podGpus))
    : pods * Math.min(Math.floor(podGpus / gpus), perPod);
}

interface RolePart {
  readonly role: WorkerRole;
  readonly configs: readonly LlmConfig[];
  /** The groups as they are, and as they are asked for. */
  readonly groups: readonly PodGroup[];
  readonly wanted: readonly PodGroup[];
  readonly stopped: boolean;
  /** Whether a cluster serves, whose groups tell how far autoscaling has gone. */
  readonly live: boolean;
}

function roleReplicas({ role, configs, groups, wanted, stopped, live }: RolePart): RoleReplicas {
  // The cluster that shall take over may have other groups; one of a name is the same group.
  const known = new Map([...wanted, ...groups].map((group) => [group.name, group]));
  const owns = (pod: RayPod): boolean => known.has(pod.group);
  if (configs.length === 0)
    return { role, desired: null, gpus: null, owns, capacity: (pods) => pods.filter(owns).length };

  const asked = sum(configs.map((config) => config.replicas));
  const planned = sum(groups.map((group) => group.pods));
  const perPod = planned > 0 ? Math.max(1, Math.ceil(asked / planned)) : 1;
  const holds = sum(groups.map((group) => held(configs, group.gpus, group.pods, perPod)));
  const desired = live && configs.some((config) => config.autoscaled) ? Math.max(asked, holds) : asked;
  return {
    role,
    desired: stopped ? 0 : desired,
    gpus: configs[0]?.gpus ?? null,
    owns,
    capacity(pods) {
      const sizes = Map.groupBy(
        pods.flatMap((pod) => known.get(pod.group) ?? []),
        (group) => group.gpus,
      );
      return sum([...sizes].map(([podGpus, members]) => held(configs, podGpus, members.length, perPod)));
    },
  };
}

/** The worker roles that a RayService's groups stand for. */
export function rolesIn(rayService: KubernetesObject): readonly WorkerRole[] {
  const config = serveConfigOf(rayService);
  const groups = modelGroups(valueAt(rayService, 'spec', 'rayClusterConfig'));
  return [...new Set(groups.map(({ name }) => workerRole(name, config.parsed ? config.mode : null)))];
}

/**
 * The worker roles of a RayService. The groups are those of the cluster that serves: the operator leaves it alone when only their sizes
 * are edited. GPUs per pod are those asked for, because the LLM configs are the new ones even while the old cluster serves.
 * Autoscaled replicas are as many as that cluster holds. Prefill and decode that share a group cannot be told apart: one role.
 */
export function roleReplicasOf(
  rayService: KubernetesObject,
  config: ServeConfig,
  active: Cluster | undefined,
  pending: Cluster | undefined,
): readonly RoleReplicas[] {
  const wanted = modelGroups(valueAt(rayService, 'spec', 'rayClusterConfig'));
  const spec = valueAt((active ?? pending)?.object, 'spec');
  const groups =
    spec === undefined
      ? wanted
      : modelGroups(spec).map((group) => ({
          ...group,
          gpus: wanted.find(({ name }) => name === group.name)?.gpus ?? group.gpus,
        }));
  const configs = config.parsed ? config.configs : [];
  const mode = config.parsed ? config.mode : null;
  const state = { stopped: asksForNothing(rayService), live: active?.object !== undefined };
  const of = (role: WorkerRole, all: readonly PodGroup[]) =>
    all.filter((group) => workerRole(group.name, mode) === role);
  const apart = (['prefill', 'decode'] as const).map((role) => ({
    role,
    configs: configs.filter((candidate) => candidate.role === role),
    groups: of(role, groups),
    wanted: of(role, wanted),
  }));
  if (apart.every((part) => part.configs.length > 0 && part.groups.length > 0))
    return apart.map((part) => roleReplicas({ ...state, ...part }));
  return [roleReplicas({ ...state, role: 'worker', configs, groups, wanted })];
}
