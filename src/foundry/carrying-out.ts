import { FoundryError } from '../errors.ts';
import { groupOf, type KubernetesObject, type ObjectReference } from '../kubernetes.ts';
import type { Plan, Step } from '../providers/provider.ts';
import { checkWritable } from './approving.ts';
import { recordEvent } from './audit-events.ts';
import { awaitCrds, awaitEnd, awaitNoCrds, awaitOperator } from './awaiting.ts';
import { advised, brokenOff, cancelled, forgone } from './breaking-off.ts';
import { checkNothingLeft } from './crd-deletion.ts';
import { tellingPods } from './pod-words.ts';
import type { Site } from './site.ts';
import { outcomes, type StepOutcome } from './step-outcomes.ts';

export type TellProgress = (progress: {
  readonly message: string;
  /** Steps; absent while it is waited for what nobody can count. */
  readonly done?: number;
  readonly total?: number;
}) => void;

export interface CarryOutOptions {
  readonly caller: string;
  readonly progress: TellProgress;
  /** The server has just accepted all that is applied in a dry-run; else each object has its own before it. */
  readonly tried?: boolean;
  /** What to look at first where helm fails with these words. */
  readonly helmAdvice?: (words: string) => string;
}

/**
 * Carries out the steps one by one, each after the one before.
 *
 * @throws the FoundryError of the step that failed, saying which, what is done and what is left; DECLINED when the call was
 * cancelled, with `details.begun` once something was sent. `details.steps` tells the same as data
 */
export async function carryOut(
  site: Site,
  plan: Plan,
  options: CarryOutOptions,
  signal: AbortSignal,
): Promise<{ readonly steps: readonly StepOutcome[]; readonly applied: readonly KubernetesObject[] }> {
  const { caller, progress, tried = false, helmAdvice } = options;
  const applied: KubernetesObject[] = [];
  const total = plan.steps.length;
  if (total > 0) checkWritable(site, plan);
  let begun = false;
  const begin = () => {
    begun = true;
  };
  for (const [done, step] of plan.steps.entries()) {
    const say = (message: string) => progress({ message: `${step.title}: ${message}`, done, total });
    try {
      signal.throwIfAborted();
      if (step.kind !== 'check') progress({ message: step.title, done, total });
      const object = await carryOutStep(site, step, { caller, say, tried, begin }, signal);
      if (object) applied.push(object);
    } catch (error) {
      const reason: unknown = signal.aborted ? signal.reason : error;
      const where = { plan, done };
      if (reason instanceof FoundryError) throw brokenOff(where, advised(reason, helmAdvice?.(reason.message)));
      throw signal.aborted ? brokenOff(where, begun ? cancelled : forgone) : error;
    }
  }
  progress({ message: 'done', done: total, total });
  return { steps: outcomes(plan, total, 'done'), applied };
}

async function carryOutStep(
  site: Site,
  step: Step,
  {
    caller,
    say,
    tried,
    begin,
  }: Pick<Required<CarryOutOptions>, 'caller' | 'tried'> & {
    readonly say: (message: string) => void;
    /** Called before the first request that changes something. */
    readonly begin: () => void;
  },
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const { cluster } = site;
  switch (step.kind) {
    case 'apply': {
      const { object, onlyIf } = step;
      if (!tried) await cluster.apply(object, { dryRun: true, onlyIf, signal });
      begin();
      return cluster.apply(object, { onlyIf, signal });
    }
    case 'patch': {
      const { target, operations } = step;
      if (!tried) await cluster.patch(nameOf(target), target, operations, { dryRun: true, signal });
      begin();
      return cluster.patch(nameOf(target), target, operations, { signal });
    }
    case 'delete': {
      const { target, propagation } = step;
      const { uid, kind, name } = target;
      begin();
      const was = await cluster.delete(nameOf(target), target, { uid, propagation, signal });
      if (was)
        await recordEvent(site, { object: target, reason: 'Deleted', action: `Deleted ${kind} ${name}`, caller });
      return undefined;
    }
    case 'helm':
      begin();
      await tellingPods(site, step.namespace, { say, signal }, () =>
        site.installer.carryOut(step, cluster, say, signal),
      );
      return undefined;
    case 'applyCrds':
      begin();
      await site.installer.carryOut(step, cluster, say, signal);
      return undefined;
    case 'deleteCrds':
      await checkNothingLeft(site, step, signal);
      begin();
      await site.installer.carryOut(step, cluster, say, signal);
      await awaitNoCrds(site, step.names, { say, signal });
      return undefined;
    case 'restartOperator': {
      begin();
      // As `kubectl rollout restart` does it.
      const annotations = { 'kubectl.kubernetes.io/restartedAt': site.now().toISOString() };
      const restarted = { spec: { template: { metadata: { annotations } } } };
      await cluster.patch({ group: 'apps', kind: 'Deployment' }, step, restarted, { signal });
      return undefined;
    }
    case 'waitCrds':
      await awaitCrds(site, step.names, { say, signal });
      return undefined;
    case 'waitOperator':
      await awaitOperator(site, step, { say, signal });
      return undefined;
    case 'waitGone':
      for (const target of [step.target, ...step.parts]) await awaitEnd(site, target, { say, signal });
      return undefined;
    case 'check':
      // Judged when the plan was made: what must not be is a blocker, the rest a warning.
      return undefined;
  }
}

export const nameOf = ({ apiVersion, kind }: ObjectReference) => ({
  group: groupOf(apiVersion),
  kind,
  version: apiVersion.slice(apiVersion.indexOf('/') + 1),
});
