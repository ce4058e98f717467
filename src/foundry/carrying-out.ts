import * as z from 'zod';
import { FoundryError } from '../errors.ts';
import { conditionOf, groupOf, type KubernetesObject, numberAt, type ObjectReference } from '../kubernetes.ts';
import type { Plan, Step } from '../providers/provider.ts';
import { digestOf } from './digest.ts';
import type { Site } from './site.ts';
import { pollUntil } from './waiting.ts';

/** Milliseconds that one waiting step may take. */
const waitDeadline = 10 * 60_000;
const every = 1_000;

/** A step as it was carried out. */
export const stepOutcome = z.object({
  title: z.string(),
  command: z.string(),
  status: z.enum(['done', 'failed', 'not run']),
});
export type StepOutcome = z.output<typeof stepOutcome>;

export type TellProgress = (progress: {
  readonly message: string;
  readonly done: number;
  readonly total: number;
}) => void;

export interface CarryOutOptions {
  readonly progress: TellProgress;
  /** The server has just accepted all that is applied in a dry-run; else each object has its own before it. */
  readonly tried?: boolean;
}

/** @throws FoundryError CONFLICT when a human approved another plan than this one */
export function checkApproval(plan: Plan, approved: string | undefined): void {
  if (approved === undefined || approved === digestOf(plan)) return;
  throw new FoundryError(
    'CONFLICT',
    'The cluster changed since the plan was approved; nothing was done.',
    'Call again: the new plan will be shown.',
  );
}

/**
 * Carries out the steps one by one, each after the one before.
 *
 * @throws the FoundryError of the step that failed, saying which; `details.steps` tells how far it went
 */
export async function carryOut(
  site: Site,
  plan: Plan,
  options: CarryOutOptions,
  signal: AbortSignal,
): Promise<{ readonly steps: readonly StepOutcome[]; readonly applied: readonly KubernetesObject[] }> {
  const { progress, tried = false } = options;
  const applied: KubernetesObject[] = [];
  const total = plan.steps.length;
  for (const [done, step] of plan.steps.entries()) {
    signal.throwIfAborted();
    progress({ message: step.title, done, total });
    const say = (message: string) => progress({ message: `${step.title}: ${message}`, done, total });
    try {
      const object = await carryOutStep(site, step, { say, tried }, signal);
      if (object) applied.push(object);
    } catch (error) {
      if (!(error instanceof FoundryError)) throw error;
      const message =
        total > 1 ? `Step ${done + 1} of ${total} (${step.title}) failed: ${error.message}` : error.message;
      const details = { ...error.details, steps: outcomes(plan, done, 'failed') };
      throw new FoundryError(error.code, message, error.hint, details, { cause: error });
    }
  }
  progress({ message: 'done', done: total, total });
  return { steps: outcomes(plan, total, 'done'), applied };
}

/** The steps of a plan, with those before `reached` done. */
export const outcomes = (plan: Plan, reached: number, then: StepOutcome['status']): StepOutcome[] =>
  plan.steps.map(({ title, command }, index) => ({
    title,
    command,
    status: index < reached ? 'done' : index === reached ? then : 'not run',
  }));

async function carryOutStep(
  site: Site,
  step: Step,
  { say, tried }: { readonly say: (message: string) => void; readonly tried: boolean },
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const { cluster } = site;
  switch (step.kind) {
    case 'apply':
      if (!tried) await cluster.apply(step.object, { dryRun: true, signal });
      return cluster.apply(step.object, { signal });
    case 'delete': {
      const { uid } = step.target;
      await cluster.delete(nameOf(step.target), step.target, { uid, propagation: step.propagation, signal });
      return undefined;
    }
    case 'helm':
    case 'applyCrds':
    case 'deleteCrds':
      await site.installer.carryOut(step, cluster, say, signal);
      return undefined;
    case 'waitCrds':
      for (const name of step.names) await waitFor(`the CRD ${name}`, () => isEstablished(site, name, signal), signal);
      return undefined;
    case 'waitOperator':
      await waitFor(`the operator ${step.namespace}/${step.name}`, () => isAvailable(site, step, signal), signal);
      return undefined;
    case 'waitGone':
      await waitFor(`the end of ${step.target.name}`, async () => !(await isThere(site, step.target, signal)), signal);
      return undefined;
    case 'check':
      // Judged when the plan was made: what must not be is a blocker, the rest a warning.
      return undefined;
  }
}

const nameOf = ({ apiVersion, kind }: ObjectReference) => ({
  group: groupOf(apiVersion),
  kind,
  version: apiVersion.slice(apiVersion.indexOf('/') + 1),
});

async function waitFor(what: string, check: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  if (await pollUntil(check, { every, deadline: waitDeadline }, signal)) return;
  throw new FoundryError(
    'TIMEOUT',
    `${what} did not come about within ${waitDeadline / 60_000} minutes.`,
    'Look at the pods and Events of its namespace, then call again: what is done already is not repeated.',
  );
}

async function isEstablished(site: Site, name: string, signal: AbortSignal): Promise<boolean> {
  const crd = await site.cluster.get(
    { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' },
    { name },
    { signal },
  );
  return crd !== undefined && conditionOf(crd, 'Established')?.status === 'True';
}

async function isAvailable(
  site: Site,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<boolean> {
  const operator = await site.cluster.get({ group: 'apps', kind: 'Deployment' }, { namespace, name }, { signal });
  if (!operator) return false;
  const seen = (numberAt(operator, 'status', 'observedGeneration') ?? 0) >= (operator.metadata.generation ?? 0);
  return seen && (numberAt(operator, 'status', 'availableReplicas') ?? 0) > 0;
}

/** Another object of the same name is not the one that was meant. */
export async function isThere(site: Site, target: ObjectReference, signal: AbortSignal): Promise<boolean> {
  const found = await site.cluster.get(nameOf(target), target, { signal });
  return found !== undefined && (target.uid === undefined || found.metadata.uid === target.uid);
}
