import { FoundryError } from '../errors.ts';
import { check } from '../providers/installation-checks.ts';
import type { Facts, Plan, Provider, ReleaseFact, Step } from '../providers/provider.ts';
import { type AskedRights, askRights, commandFor, wordsFor } from './installation-rights.ts';
import { bindingCommand, clusterRoleOf, observing } from './rights.ts';
import { shellWord } from './shell.ts';
import type { Site } from './site.ts';
import { plainLine } from './untrusted-text.ts';

/** A plan with all that was checked before it, and who can carry it out. */
export interface Preflight {
  readonly provider: Provider;
  /** Its checks come first; with nothing but checks there is nothing to do. */
  readonly plan: Plan;
  /** The blockers are rights that are missing. */
  readonly forbidden: boolean;
  /** Why the installer cannot work here; absent = it can. */
  readonly missing?: { readonly message: string; readonly hint: string };
}

/**
 * Reads what an installation must know, helm's releases among it, and lets the provider plan.
 *
 * @throws FoundryError where it cannot be known what is installed: nothing is changed over the unknown
 */
export async function preflight(
  site: Site,
  provider: Provider,
  plan: (facts: Facts) => Promise<Plan>,
  signal: AbortSignal,
): Promise<Preflight> {
  const { installer, cluster } = site;
  const [facts, ready] = await Promise.all([site.facts(signal, true), installer.ready(signal)]);
  const { installed, message } = provider.installation.detect(facts);
  const [unread] = facts.unread;
  if (installed === null && unread) {
    throw new FoundryError(unread.code, message, 'Run `kubefoundry doctor`: it shows what may be read.');
  }
  const told = await readReleases(site, ready.ok, signal);
  const planned = withMirror(site, await plan({ ...facts, releases: told.releases }));
  const missing = ready.ok ? undefined : { message: ready.message, hint: ready.hint };
  if (!changes(planned)) return { provider, plan: { ...planned, steps: [] }, forbidden: false, missing };

  const asked = await askRights(cluster, planned.steps, signal);
  const denied = asked.denied?.map(wordsFor);
  const fence = cluster.namespaces
    ? [
        {
          blocker: `kubefoundry was started for ${cluster.namespaces.join(', ')} only (--namespaces), and this changes the whole cluster.`,
          hint: 'Start kubefoundry without --namespaces.',
        },
      ]
    : [];
  const rights =
    denied && denied.length > 0 ? [{ blocker: `Not allowed to: ${denied.join(', ')}. ${advice}`, hint: binding }] : [];
  const forbidden = [...fence, ...rights];
  const hints = [planned.hint, ...forbidden.map(({ hint }) => hint)].filter((hint) => hint !== undefined);
  return {
    provider,
    forbidden: planned.blockers.length === 0 && forbidden.length > 0,
    missing,
    plan: {
      ...planned,
      steps: [
        ready.ok ? installerCheck(installer.name, ready.version) : noInstaller(installer.name, ready.message),
        rightsCheck(asked),
        ...planned.steps,
      ],
      warnings: [...planned.warnings, ...(told.failure === undefined ? [] : [told.failure])],
      blockers: [...planned.blockers, ...forbidden.map(({ blocker }) => blocker)],
      hint: hints.length === 0 ? undefined : hints.join(' '),
    },
  };
}

const advice = 'A cluster administrator may do this, and whoever has the roles observe and install (docs/rbac).';

const binding = `An administrator binds them: kubectl apply -f docs/rbac, then for each of ${observing.within}, ${observing.outside} and ${clusterRoleOf('install')}: ${bindingCommand('ROLE')}`;

/** Whether a plan does anything besides checking. */
export const changes = ({ steps }: Plan): boolean => steps.some(({ kind }) => kind !== 'check');

async function readReleases(
  { installer, cluster }: Site,
  able: boolean,
  signal: AbortSignal,
): Promise<{ readonly releases?: readonly ReleaseFact[]; readonly failure?: string }> {
  if (!able) return {};
  try {
    return { releases: await installer.releases?.(cluster, signal) };
  } catch (error) {
    if (!(error instanceof FoundryError)) throw error;
    return { failure: `Whether helm releases are there already is not known: ${error.message}` };
  }
}

const installerCheck = (name: string, version: string | undefined): Step =>
  check(true, version === undefined ? `The ${name} installs` : `${name} is ${version}`, `${name} version`);

const noInstaller = (name: string, message: string): Step =>
  check(false, plainLine(message).replace(/\.$/, ''), `${name} version`);

function rightsCheck({ asked, denied }: AskedRights): Step {
  const passed = denied === undefined ? null : denied.length === 0;
  const words =
    passed === null
      ? 'Whether all this is allowed is not known'
      : passed
        ? 'All this is allowed'
        : 'Not all of this is allowed';
  return check(passed, words, (passed === true ? listings(asked) : (denied ?? asked).map(commandFor)).join('; '));
}

/** Where every answer was yes, dozens of questions are shorter as what is allowed in the namespaces of them. */
const listings = (asked: AskedRights['asked']): readonly string[] => {
  const namespaces = new Set(asked.flatMap(({ namespace }) => namespace ?? []));
  return [...namespaces].map((namespace) => `kubectl auth can-i --list --namespace ${namespace}`);
};

/** The same plan with its charts from the mirror that the program was started with. */
function withMirror({ chartRepository: mirror }: Site, plan: Plan): Plan {
  if (mirror === undefined) return plan;
  const said = (text: string) => text.replaceAll(/--repo \S+/g, () => `--repo ${shellWord(mirror)}`);
  const moved = (step: Step): Step => {
    const command = said(step.command);
    if (step.kind === 'helm') return { ...step, repository: mirror, command };
    return step.kind === 'applyCrds' ? { ...step, chart: { ...step.chart, repository: mirror }, command } : step;
  };
  return { ...plan, steps: plan.steps.map(moved), hint: plan.hint && said(plan.hint) };
}
