import { FoundryError } from '../errors.ts';
import { type KubernetesObject, textAt } from '../kubernetes.ts';
import type { RuntimeId } from '../providers/spec.ts';
import { plainLine } from './untrusted-text.ts';

export const holderOf = (lease: KubernetesObject): string =>
  plainLine(textAt(lease, 'spec', 'holderIdentity') || 'somebody', 200);

/** What whoever wants the Lease is told. */
export function busy(runtime: RuntimeId, lease: KubernetesObject | undefined): FoundryError {
  const holder = lease ? holderOf(lease) : 'somebody';
  const since = textAt(lease, 'spec', 'acquireTime')?.replace(/\.\d+Z$/, 'Z');
  return new FoundryError(
    'CONFLICT',
    `${holder} is installing or uninstalling ${runtime}${since === undefined ? '' : ` since ${since}`}.`,
    'Wait until that ends, then call again; get_runtimes_status shows what came of it.',
    { runtime, holder, since },
  );
}

/** Whether somebody else holds it. */
export const isTaken = (error: unknown): boolean => error instanceof FoundryError && error.details.holder !== undefined;
