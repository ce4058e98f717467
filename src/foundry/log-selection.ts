import { FoundryError } from '../errors.ts';
import type { LogTarget } from '../providers/observation.ts';
import type { Role } from '../providers/spec.ts';
import type { Found } from './lookup.ts';

/** Which of a deployment's containers are meant. */
export interface LogSelection {
  readonly role?: Role;
  /** Its name, or the short name of its source. */
  readonly pod?: string;
}

/** A container with the short name under which its lines stand: its role, with a number where there are several. */
export interface NamedTarget extends LogTarget {
  readonly source: string;
}

/**
 * The containers that a selection means.
 *
 * @throws FoundryError NOT_FOUND for a role or pod that the deployment does not have, with those it has
 */
export function selectLogs(
  { provider, snapshot, deployment }: Found,
  { role, pod }: LogSelection,
): readonly NamedTarget[] {
  const all = named(provider.reading.logTargets(snapshot));
  const roles = [...new Set([...deployment.roles.map((one) => one.role), ...all.map((one) => one.role)])];
  const { name } = deployment;
  if (role !== undefined && !roles.includes(role)) {
    const known = roles.filter((one) => one !== null);
    const has = known.length > 0 ? `it has ${known.join(', ')}` : 'its roles are not known';
    throw new FoundryError('NOT_FOUND', `${name} has no role ${role}: ${has}.`, 'Leave role out to read all.', {
      roles: known,
    });
  }
  const ofRole = all.filter((one) => role === undefined || one.role === role);
  if (pod === undefined) return ofRole;
  const chosen = ofRole.filter((one) => one.pod === pod || one.source === pod);
  if (chosen.length > 0) return chosen;
  const pods = ofRole.map((one) => one.pod).slice(0, mostNames);
  const has = pods.length > 0 ? `it has ${pods.join(', ')}` : 'it has none now';
  throw new FoundryError('NOT_FOUND', `${name} has no pod ${pod}: ${has}.`, 'Leave pod out to read all.', { pods });
}

const mostNames = 5;

function named(targets: readonly LogTarget[]): readonly NamedTarget[] {
  const groups = Map.groupBy(targets, ({ role }) => role ?? 'other');
  return targets.map((target) => {
    const group = groups.get(target.role ?? 'other') ?? [];
    const word = target.role ?? 'other';
    return { ...target, source: group.length === 1 ? word : `${word}-${group.indexOf(target) + 1}` };
  });
}
