import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { Provider } from '../providers/provider.ts';
import type { Role } from '../providers/spec.ts';
import { isManaged } from './deployment.ts';
import type { Difference } from './differences.ts';
import { plainLine } from './untrusted-text.ts';

export interface Standing {
  readonly provider: Provider;
  readonly existing: KubernetesObject;
  readonly primary: KubernetesObject;
  /** The server's dry-run makes the same object of it. */
  readonly unchanged: boolean;
  readonly changes: readonly Difference[];
  /** The roles whose pods the changes replace. */
  readonly restarts: readonly Role[];
  /** The image that it runs, where only the default image is another one by now. */
  readonly keptImage: string | undefined;
  /** Why the server's dry-run refused it, so that the changes are not known. */
  readonly trial: FoundryError | undefined;
  readonly replace: boolean;
}

/** How the dry-run refuses what was asked for. Any other refusal says nothing of that, and stands for itself. */
const aboutContent: ReadonlySet<string> = new Set(['REJECTED', 'CONFLICT']);

/** Why an object that already has the name must not be changed; undefined where it may, or need not. */
export function standingRefusal(standing: Standing): FoundryError | undefined {
  const { provider, existing, primary, unchanged, changes, restarts, keptImage, trial, replace } = standing;
  const { name, namespace } = existing.metadata;
  const what = `${existing.kind} ${namespace}/${name}`;
  if (existing.metadata.deletionTimestamp !== undefined) {
    return new FoundryError('CONFLICT', `${what} is being deleted.`, 'Wait until it is gone, or choose another name.');
  }
  if (!isManaged(existing.metadata.labels)) {
    return new FoundryError(
      replace ? 'NOT_MANAGED' : 'ALREADY_EXISTS',
      `${what} exists already and was not made by KubeFoundry.`,
      'Choose another name, or remove it first with delete_deployment and unmanaged: true.',
    );
  }
  if (unchanged || (trial && !aboutContent.has(trial.code))) return undefined;
  if (!replace && keptImage !== undefined) {
    const image = plainLine(keptImage, 300);
    return new FoundryError(
      'ALREADY_EXISTS',
      `${what} exists already, and differs only by its image. This call names none, and the default, which changes with versions, is another one: ${summaryOf(changes)}. ${costOf(restarts)}`,
      `Pass "image": "${image}" to keep it, or replace: true to move to the default.`,
      { image, differences: changes },
    );
  }
  if (!replace) {
    return new FoundryError(
      'ALREADY_EXISTS',
      `${what} exists already, and ${trial ? `cannot become this: ${trial.message}` : `differs: ${summaryOf(changes)}. ${costOf(restarts)}`}`,
      'Pass replace: true to change it, or choose another name.',
      { differences: changes },
    );
  }
  const refusals = provider.deploying.refusals(existing, primary);
  if (refusals.length === 0) return undefined;
  return new FoundryError(
    'NOT_SUPPORTED',
    `${what} cannot be changed into this: ${refusals.join(' ')}`,
    `Delete it and deploy anew: delete_deployment ${JSON.stringify({ name, namespace, runtime: provider.id })}, then this call again.`,
    { differences: changes },
  );
}

const costOf = (restarts: readonly Role[]): string =>
  restarts.length === 0 ? 'Changing it replaces no pod.' : `Changing it replaces the pods of ${restarts.join(', ')}.`;

/** More differences than this are counted. */
const shownChanges = 5;

function summaryOf(changes: readonly Difference[]): string {
  const shown = changes
    .slice(0, shownChanges)
    .map(({ path, from, to }) => `${path}: ${from ?? 'absent'} → ${to ?? 'absent'}`);
  const more = changes.length > shownChanges ? ` and ${changes.length - shownChanges} more` : '';
  return `${shown.join('; ')}${more}`;
}
