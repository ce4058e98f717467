import { FoundryError } from '../errors.ts';
import { groupOf, type KubernetesObject } from '../kubernetes.ts';
import type { Changes, Edit, Facts, Plan, Provider, Snapshot, Step } from '../providers/provider.ts';
import { checkApproval } from './approving.ts';
import { recordEvent } from './audit-events.ts';
import type { Survey } from './capacity/survey.ts';
import { carryOut, nameOf, type TellProgress } from './carrying-out.ts';
import { patchOf } from './field-changes.ts';
import { type DeploymentRef, type Found, findDeployment } from './lookup.ts';
import { requireManaged } from './managed.ts';
import { appliedVersion, ownEdited } from './owned-fields.ts';
import { primaryName } from './primaries.ts';
import { detectInstalled } from './runtimes.ts';
import { type Outcome, outcomeOf } from './settling.ts';
import type { Site } from './site.ts';

/** One way to change a living deployment. */
export interface Change {
  /** `Scale`, for plans. */
  readonly verb: string;
  /** `scaled`, for sentences. */
  readonly done: string;
  /** Reason of the Event. */
  readonly reason: string;
  /** Becomes part of what we applied, so that a later apply tells the difference; else a request beside it. */
  readonly applied: boolean;
  changes(provider: Provider, found: Found, snapshot: Snapshot, facts: Facts): Changes;
  /** What speaks against it and does not forbid it, as far as the GPUs of the cluster tell. */
  warnings?(found: Found, survey: Survey): readonly string[];
}

export interface ChangeOptions {
  /** Also what others made. */
  readonly unmanaged: boolean;
  readonly wait: boolean;
  readonly caller: string;
  readonly approved: string | undefined;
  readonly progress: TellProgress;
}

export interface PlannedChange {
  readonly found: Found;
  readonly changes: Changes;
  /** No steps = it is so already. */
  readonly plan: Plan;
}

/**
 * Reads, asks the provider and tries every step on the server; changes nothing.
 *
 * @throws FoundryError as findDeployment does; NOT_MANAGED, RUNTIME_NOT_INSTALLED where no
 * operator would act on it, CONFLICT while it is being deleted, what the provider or the server refuse
 */
export async function planChange(
  site: Site,
  ref: DeploymentRef,
  change: Change,
  { unmanaged }: Pick<ChangeOptions, 'unmanaged'>,
  signal: AbortSignal,
): Promise<PlannedChange> {
  const found = await findDeployment(site, ref, signal);
  requireManaged(found, unmanaged);
  const { provider, deployment } = found;
  const what = `${deployment.kind} ${deployment.namespace}/${deployment.name}`;
  if (deployment.phase === 'Deleting') {
    throw new FoundryError('CONFLICT', `${what} is being deleted.`, 'Wait until it is gone, then deploy it anew.');
  }
  const [{ facts, installation, notInstalled }, primary, survey] = await Promise.all([
    detectInstalled(site, provider, signal),
    asApplied(site, found, signal),
    change.warnings ? site.survey(signal, true) : undefined,
  ]);
  // Nobody would act on it.
  if (notInstalled) throw notInstalled;
  const changes = change.changes(provider, found, { ...found.snapshot, primary }, facts);
  const steps = changes.edits.map((edit) => stepOf(edit, change));
  await Promise.all(steps.map((step) => tryStep(site, step, signal)));
  const room = survey ? (change.warnings?.(found, survey) ?? []) : [];
  const doubts = installation.healthy === true ? [] : [installation.message];
  const warnings = [...found.problems.map(({ message }) => message), ...doubts, ...room, ...changes.warnings];
  const summary = `${change.verb} ${what} in context ${site.context}: ${changes.summary}.`;
  return { found, changes, plan: { summary, steps, warnings, blockers: [] } };
}

export async function carryOutChange(
  site: Site,
  ref: DeploymentRef,
  change: Change,
  options: ChangeOptions,
  signal: AbortSignal,
): Promise<Outcome & { readonly changed: boolean; readonly summary: string }> {
  const { found, changes, plan } = await planChange(site, ref, change, options, signal);
  const { apiVersion, kind, metadata } = found.snapshot.primary;
  const { name, namespace = '', uid } = metadata;
  const { wait, progress, caller, approved } = options;
  const changed = plan.steps.length > 0;
  if (changed) {
    checkApproval(plan, approved);
    await carryOut(site, plan, { caller, progress, tried: true }, signal);
    const object = { apiVersion, kind, name, namespace, uid };
    await recordEvent(site, {
      object,
      reason: change.reason,
      action: `${change.reason} (${changes.summary})`,
      caller,
    });
  }
  const told = `${kind} ${namespace}/${name} is ${changed ? change.done : 'unchanged'} and goes on without us.`;
  const at = { name, namespace, runtime: found.provider.id };
  const outcome = await outcomeOf(site, at, { wait, progress, told }, signal);
  return { ...outcome, changed, summary: changes.summary, warnings: [...plan.warnings, ...outcome.warnings] };
}

/** The primary in the version in which we applied it: only there the server tells which of its fields are ours. */
async function asApplied(site: Site, { provider, snapshot }: Found, signal: AbortSignal): Promise<KubernetesObject> {
  const { primary } = snapshot;
  const version = appliedVersion(primary);
  if (version === undefined || version === primary.apiVersion) return primary;
  const { metadata } = primary;
  return (await site.cluster.get(primaryName(provider, version), metadata, { signal })) ?? primary;
}

function stepOf(edit: Edit, { verb, applied }: Change): Step {
  const { apiVersion, kind, metadata } = edit.object;
  const { name, namespace, uid } = metadata;
  const title = `${verb} ${kind} ${namespace}/${name}`;
  const object = applied ? ownEdited(edit) : undefined;
  if (object) {
    const command = `kubectl apply --server-side --field-manager=kubefoundry -n ${namespace} -f ${name}.yaml`;
    return { kind: 'apply', object, title, command };
  }
  const operations = patchOf(edit);
  const resource = `${kind.toLowerCase()}.${groupOf(apiVersion)}`;
  const command = `kubectl patch ${resource} ${name} -n ${namespace} --type=json --patch-file=${name}.json`;
  return { kind: 'patch', target: { apiVersion, kind, name, namespace, uid }, operations, title, command };
}

/** What the server says to a step, before the first one is carried out. */
async function tryStep({ cluster }: Site, step: Step, signal: AbortSignal): Promise<void> {
  if (step.kind === 'apply') await cluster.apply(step.object, { dryRun: true, signal });
  if (step.kind === 'patch') {
    await cluster.patch(nameOf(step.target), step.target, step.operations, { dryRun: true, signal });
  }
}
