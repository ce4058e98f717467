import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { Scale } from './provider.ts';
import { type WorkerRole, workerRoles } from './spec.ts';

/** `RayService models/qwen` */
export const titleOf = ({ kind, metadata }: KubernetesObject): string =>
  `${kind} ${metadata.namespace}/${metadata.name}`;

/**
 * The roles that a call means: the one it names, the only one there is, or all that there are where everything stops or starts.
 *
 * @throws FoundryError INPUT_INVALID naming the roles that there are, NOT_SUPPORTED where there are none
 */
export function rolesMeant(
  primary: KubernetesObject,
  found: readonly WorkerRole[],
  { replicas, role }: Scale,
  stopped: boolean,
): readonly WorkerRole[] {
  const what = titleOf(primary);
  // Maps come from the server in the order of their keys.
  const has = workerRoles.filter((worker) => found.includes(worker));
  if (has.length === 0) {
    throw cannotScale(primary, 'it serves no model that can be read.', 'Look at it: get_deployment with detail: true.');
  }
  if (role !== undefined) {
    if (has.includes(role)) return [role];
    throw new FoundryError(
      'INPUT_INVALID',
      `role: ${what} has no ${role}; it has ${has.join(' and ')}.`,
      leaveOut(has),
      {
        allowed: has,
      },
    );
  }
  if (has.length === 1 || replicas === 0 || stopped) return has;
  const message = `role: ${what} has ${has.join(' and ')}, which are scaled apart.`;
  throw new FoundryError('INPUT_INVALID', message, `Say which: "role": "${has[0]}"`, { allowed: has });
}

const leaveOut = (has: readonly WorkerRole[]): string =>
  has.length === 1 ? 'Leave role out.' : `Say which: "role": "${has[0]}"`;

/** The refusal of a change that the runtime cannot make, or that somebody else decides. */
export const cannotScale = (primary: KubernetesObject, why: string, hint: string): FoundryError =>
  new FoundryError('NOT_SUPPORTED', `${titleOf(primary)} cannot be scaled here: ${why}`, hint);
