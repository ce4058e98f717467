import { FoundryError } from '../../errors.ts';
import { booleanAt, type KubernetesObject, listAt, textAt, valueAt } from '../../kubernetes.ts';
import type { Changes, Edit, FieldChange, ReadResource, RuntimeFacts, Scale, Snapshot } from '../provider.ts';
import { cannotScale, rolesMeant } from '../scaling.ts';
import type { WorkerRole } from '../spec.ts';
import { workerRole } from './clusters.ts';
import { clusterNames } from './reads.ts';
import { type LlmConfig, type ServeConfig, serveConfigOf, withReplicas } from './serve-config.ts';
import { groupChanges, groupName, type Part, podGpus, sizeFor } from './sizes.ts';

/** What scaling changes beside the RayService: the operator carries no sizes over to a live cluster (1.6.2, 1.7.0). */
export const scaledResources: readonly ReadResource[] = [
  { group: 'ray.io', kind: 'RayCluster', plural: 'rayclusters' },
];

type ReadConfig = Extract<ServeConfig, { readonly parsed: true }>;

/** The one LLM config and the one worker group of a role; what is laid out otherwise is not ours to guess. */
function partOf(primary: KubernetesObject, { configs, mode }: ReadConfig, role: WorkerRole, replicas: number): Part {
  const [config, ...others] = configs.filter((candidate) => candidate.role === role);
  const groups = listAt(primary, 'spec', 'rayClusterConfig', 'workerGroupSpecs');
  const withGpus = groups.filter((group) => podGpus(group) > 0);
  const own = (withGpus.length > 0 ? withGpus : groups).filter((group) => workerRole(groupName(group), mode) === role);
  const [group] = own;
  const byHand = `Edit serveConfigV2 and the worker groups by hand: kubectl edit rayservice ${primary.metadata.name} -n ${primary.metadata.namespace}`;
  if (config === undefined || others.length > 0)
    throw cannotScale(primary, `it has ${others.length + 1} LLM configs.`, byHand);
  if (group === undefined || own.length > 1) {
    throw cannotScale(primary, `${own.length} worker groups hold its ${role} replicas, where one is wanted.`, byHand);
  }
  return { role, config, group: groupName(group), size: sizeFor(group, config, replicas) };
}

/** The RayClusters that run now: the operator does not carry sizes over to them. */
function clusterEdits({ primary, objects, unread }: Snapshot, parts: readonly Part[]): readonly Edit[] {
  const names = clusterNames(primary);
  const failed = unread.find(({ query }) => query.kind === 'RayCluster');
  if (failed && names.length > 0) {
    throw new FoundryError(
      'FORBIDDEN',
      `Scaling has to change the RayCluster ${names.join(', ')} too, which cannot be read: ${failed.message}`,
      'Ask an administrator for the rights of the role deploy.',
    );
  }
  return objects
    .filter(({ kind, metadata }) => kind === 'RayCluster' && names.includes(metadata.name))
    .map((object) => ({ object, changes: groupChanges(object.spec, ['spec'], parts) }))
    .filter(({ changes }) => changes.length > 0);
}

/** `spec.suspend` came with KubeRay 1.7; an older CRD prunes it without a word. */
function canSuspend({ crds }: RuntimeFacts, { kind, apiVersion }: KubernetesObject): boolean {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const fields = crds.find((crd) => crd.kind === kind)?.specFields?.[version];
  return fields === undefined || fields.includes('suspend');
}

function stop(primary: KubernetesObject, { role }: Scale, has: readonly WorkerRole[], facts: RuntimeFacts): Changes {
  const { name, namespace } = primary.metadata;
  if (role !== undefined && has.length > 1) {
    const hint = 'Leave role out to stop all of it.';
    throw cannotScale(primary, `Ray Serve keeps at least one ${role} replica.`, hint);
  }
  if (!canSuspend(facts, primary)) {
    const hint = `Stop it by deleting it: delete_deployment ${JSON.stringify({ name, namespace, runtime: 'kuberay' })}`;
    throw cannotScale(primary, 'the installed KubeRay cannot suspend, which came with 1.7.', hint);
  }
  const stopped = booleanAt(primary, 'spec', 'suspend') === true;
  return {
    summary: `all ${has.join(' and ')} replicas → 0`,
    edits: stopped ? [] : [{ object: primary, changes: [{ path: ['spec', 'suspend'], value: true }] }],
    warnings: [],
  };
}

/** Whether Ray's autoscaler, and not the spec, decides how many replicas or workers there are. */
export const isAutoscaled = (primary: KubernetesObject, configs: readonly LlmConfig[]): boolean =>
  configs.some(({ autoscaled }) => autoscaled) ||
  booleanAt(primary, 'spec', 'rayClusterConfig', 'enableInTreeAutoscaling') === true;

/**
 * Replicas of a RayService: in serveConfigV2, in its worker groups, and in the live RayCluster's, or nothing happens.
 * 0 suspends it, and any other number ends that.
 */
export function scale(snapshot: Snapshot, wanted: Scale, facts: RuntimeFacts): Changes {
  const { primary } = snapshot;
  const served = serveConfigOf(primary);
  if (!served.parsed) {
    throw cannotScale(primary, `its serveConfigV2 cannot be read: ${served.message}.`, 'Correct it first.');
  }
  const { configs } = served;
  const has = [...new Set(configs.map(({ role }) => role))];
  const stopped = booleanAt(primary, 'spec', 'suspend') === true;
  const meant = rolesMeant(primary, has, wanted, stopped);
  const { replicas } = wanted;
  if (replicas === 0) return stop(primary, wanted, has, facts);
  if (booleanAt(primary, 'spec', 'rayClusterConfig', 'suspend') === true) {
    const hint = 'Take spec.rayClusterConfig.suspend away first, as it was set.';
    throw cannotScale(primary, 'its cluster is suspended in spec.rayClusterConfig.', hint);
  }
  const resume: readonly FieldChange[] = stopped ? [{ path: ['spec', 'suspend'], value: undefined }] : [];
  if (isAutoscaled(primary, configs)) {
    const why = "Ray's autoscaler decides how many replicas and workers there are.";
    if (!stopped) throw cannotScale(primary, why, 'Change its bounds in serveConfigV2 and the worker groups.');
    return { summary: 'ends the suspension', edits: [{ object: primary, changes: resume }], warnings: [why] };
  }
  const parts = meant.map((role) => partOf(primary, served, role, replicas));
  const text = textAt(primary, 'spec', 'serveConfigV2') ?? '';
  const rewritten = parts
    .filter(({ config }) => config.replicas !== replicas)
    .reduce((config, { role }) => withReplicas(config, role, replicas), text);
  const changes: readonly FieldChange[] = [
    ...resume,
    ...(rewritten === text ? [] : [{ path: ['spec', 'serveConfigV2'], value: rewritten }]),
    ...groupChanges(valueAt(primary, 'spec', 'rayClusterConfig'), ['spec', 'rayClusterConfig'], parts),
  ];
  const fewer = !stopped && parts.some(({ config }) => config.replicas > replicas);
  return {
    summary: parts.map(({ role, config }) => `${role} ${stopped ? 0 : config.replicas} → ${replicas}`).join(', '),
    edits: [
      ...(changes.length === 0 ? [] : [{ object: primary, changes }]),
      ...(stopped ? [] : clusterEdits(snapshot, parts)),
    ],
    warnings: fewer
      ? ['KubeRay chooses the worker pods that go: a replica that stays may be started anew on another one.']
      : [],
  };
}
