import { isDeepStrictEqual } from 'node:util';
import { FoundryError } from '../../errors.ts';
import { entriesAt, type KubernetesObject, listAt, textAt } from '../../kubernetes.ts';
import type { Changes, RuntimeFacts, Snapshot } from '../provider.ts';
import { titleOf } from '../scaling.ts';
import type { Role } from '../spec.ts';
import { readGraph } from './graph.ts';
import { isModelRole } from './roles.ts';

/**
 * A new `spec.restart.id`, upon which the operator restarts component after component (1.1 and later). It must not be set
 * on create and belongs to no manifest, so that it is never applied. The generation makes it one that was not there before.
 */
export function restart({ primary }: Snapshot, { crds }: RuntimeFacts): Changes {
  const version = primary.apiVersion.slice(primary.apiVersion.indexOf('/') + 1);
  const fields = crds.find(({ kind }) => kind === primary.kind)?.specFields?.[version];
  if (fields !== undefined && !fields.includes('restart')) {
    throw new FoundryError(
      'NOT_SUPPORTED',
      `${titleOf(primary)} cannot be restarted: the installed Dynamo knows no restart.`,
      'Upgrade it with install_runtime {"runtime":"dynamo"}.',
    );
  }
  const id = `kubefoundry-${primary.metadata.generation ?? 1}`;
  return {
    summary: 'component after component',
    edits: [{ object: primary, changes: [{ path: ['spec', 'restart', 'id'], value: id }] }],
    warnings: [],
  };
}

/** Fields of a graph that say which components there are, what they are called by, or how many: they replace no pod. */
const passive: ReadonlySet<string> = new Set([
  'components',
  'services',
  'replicas',
  'restart',
  'scalingAdapter',
  'minAvailable',
]);

const active = (value: unknown): unknown =>
  Object.fromEntries(entriesAt(value).filter(([field]) => !passive.has(field)));

/** Components by name, without what replaces no pod. */
function bodiesOf(graph: KubernetesObject): ReadonlyMap<string, unknown> {
  const listed = listAt(graph, 'spec', 'components').map((body) => [textAt(body, 'name') ?? '', active(body)] as const);
  const mapped = entriesAt(graph, 'spec', 'services').map(([name, body]) => [name, active(body)] as const);
  return new Map([...listed, ...mapped]);
}

/** Pods of a changed component are replaced, and with one worker all workers: they carry one hash (operator 1.5). */
export function restarts(existing: KubernetesObject, wanted: KubernetesObject): readonly Role[] {
  const [before, after] = [bodiesOf(existing), bodiesOf(wanted)];
  const shared = !isDeepStrictEqual(active(existing.spec), active(wanted.spec));
  const { components } = readGraph(wanted);
  const changed = components.filter(({ name }) => shared || !isDeepStrictEqual(before.get(name), after.get(name)));
  const workers = changed.some(({ role }) => isModelRole(role));
  const roles = components.filter((each) => changed.includes(each) || (workers && isModelRole(each.role)));
  return [...new Set(roles.map(({ role }) => role))].filter((role) => role !== null);
}
