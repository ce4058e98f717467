import * as z from 'zod';
import { FoundryError } from '../errors.ts';
import type { Plan, Provider } from '../providers/provider.ts';
import type { RuntimeId } from '../providers/spec.ts';
import { carryOut, checkApproval, outcomes, type StepOutcome, type TellProgress } from './carrying-out.ts';
import { type RuntimeStatus, readRuntimesStatus } from './runtimes.ts';
import type { Site } from './site.ts';
import { providerOf } from './specification.ts';

/** How an installation ended: `manual` = the steps are for a human, because nobody here can carry them out. */
const installOutcomes = ['done', 'nothing to do', 'planned', 'manual'] as const;
export const installOutcome = z.enum(installOutcomes);

export interface InstallRequest {
  readonly runtime: RuntimeId;
  readonly version?: string;
  readonly planOnly: boolean;
}

export interface Installed {
  readonly outcome: (typeof installOutcomes)[number];
  readonly plan: Plan;
  readonly steps: readonly StepOutcome[];
  /** Why it was not carried out, and what to do about it. */
  readonly reason?: string;
  readonly status: RuntimeStatus;
}

interface InstallPlan {
  readonly provider: Provider;
  readonly plan: Plan;
  /** Absent = the installer can carry it out. */
  readonly missing?: { readonly message: string; readonly hint: string };
}

/**
 * The plan that installs a runtime, or brings it to the asked version.
 *
 * @throws FoundryError where it cannot be known what is installed: nothing is installed over the unknown
 */
async function planInstallation(
  site: Site,
  { runtime, version }: InstallRequest,
  signal: AbortSignal,
): Promise<InstallPlan> {
  const provider = providerOf(runtime);
  const facts = await site.facts(signal, true);
  const { installed, healthy, version: present, message } = provider.installation.detect(facts);
  const [unread] = facts.unread;
  if (installed === null && unread) {
    throw new FoundryError(
      unread.code,
      `Cannot tell whether ${provider.title} is installed: ${message}`,
      checkConnection,
    );
  }
  if (installed && healthy && (version === undefined || version === present)) {
    return {
      provider,
      plan: { summary: `${provider.title}: ${message} Nothing to do.`, steps: [], warnings: [], blockers: [] },
    };
  }
  const { planInstall, planUpgrade } = provider.installation;
  const plan = installed ? planUpgrade(facts, { version }) : planInstall(facts, { version });
  const ready = await site.installer.ready(signal);
  return ready.ok ? { provider, plan } : { provider, plan, missing: ready };
}

const checkConnection = 'Run `kubefoundry doctor`: it shows what may be read.';

/** What a human would be asked to approve; undefined where nothing would be carried out. */
export async function installationToApprove(
  site: Site,
  request: InstallRequest,
  signal: AbortSignal,
): Promise<Plan | undefined> {
  if (request.planOnly) return undefined;
  const { plan, missing } = await planInstallation(site, request, signal);
  return missing || plan.steps.length === 0 || plan.blockers.length > 0 ? undefined : plan;
}

/** @throws FoundryError NOT_SUPPORTED when something in the cluster stands against the plan, HELM_FAILED, TIMEOUT */
export async function installRuntime(
  site: Site,
  request: InstallRequest,
  options: { readonly approved: string | undefined; readonly progress: TellProgress },
  signal: AbortSignal,
): Promise<Installed> {
  const { provider, plan, missing } = await planInstallation(site, request, signal);
  const answer = async (outcome: Installed['outcome'], steps: readonly StepOutcome[], reason?: string) => ({
    outcome,
    plan,
    steps,
    reason,
    status: await statusOf(site, provider, signal),
  });
  if (plan.steps.length === 0 && plan.blockers.length === 0) return answer('nothing to do', []);
  if (request.planOnly) return answer('planned', outcomes(plan, 0, 'not run'), plan.blockers.join(' ') || undefined);
  if (plan.blockers.length > 0) {
    throw new FoundryError(
      'NOT_SUPPORTED',
      plan.blockers.join(' '),
      'Call again with planOnly: true to see the plan.',
      {
        plan,
      },
    );
  }
  if (missing) return answer('manual', outcomes(plan, 0, 'not run'), `${missing.message} ${missing.hint}`);
  checkApproval(plan, options.approved);
  const { steps } = await carryOut(site, plan, options, signal);
  return answer('done', steps);
}

async function statusOf(site: Site, provider: Provider, signal: AbortSignal): Promise<RuntimeStatus> {
  const { runtimes } = await readRuntimesStatus(site, { runtime: provider.id, fresh: true }, signal);
  const [status] = runtimes;
  if (status) return status;
  throw new FoundryError('INTERNAL', `The status of ${provider.title} is missing.`, 'Report this as a bug.');
}
