import { FoundryError } from '../errors.ts';
import { check } from '../providers/installation-checks.ts';
import type { Facts, Plan, Provider, ReleaseFact, Step } from '../providers/provider.ts';
import { readWhole } from './crds.ts';
import { type AskedRights, askRights, commandFor, wordsFor } from './installation-rights.ts';
import type { Unusable } from './installer.ts';
import { sparingValues } from './kept-values.ts';
import { underWay } from './releases-under-way.ts';
import { bindingCommand, clusterRoleOf, observing } from './rights.ts';
import { shellWord } from './shell.ts';
import type { Site } from './site.ts';
import { checkStorage } from './storage-check.ts';
import { plainLine } from './untrusted-text.ts';

/** A plan with all that was checked before it, and who can carry it out. */
export interface Preflight {
  readonly provider: Provider;
  /** Its checks come first; with nothing but checks there is nothing to do. */
  readonly plan: Plan;
  /** The error that carrying it out would be, where there are blockers. */
  readonly refusal: Refusal;
  /** Why the installer cannot work here; absent = it can. */
  readonly missing?: Unusable;
}

/**
 * Reads what an installation must know, helm's releases and every CRD among it, and lets the provider plan.
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
  const [told, crds] = await Promise.all([
    readReleases(site, ready.ok, signal),
    readWhole(cluster, facts.crds, provider.installation.crds, signal),
  ]);
  const mirrored = withMirror(site, await plan({ ...facts, crds, releases: told.releases }));
  const planned = await sparingValues(site, mirrored, told.releases ?? [], signal);
  const missing = ready.ok ? undefined : ready;
  if (!changes(planned) && told.failure === undefined)
    return { provider, plan: { ...planned, steps: [] }, refusal: 'NOT_SUPPORTED', missing };

  const releases = told.releases ?? [];
  const [asked, storage] = await Promise.all([
    askRights(cluster, planned.steps, signal),
    checkStorage(cluster, provider, { steps: planned.steps, releases }, signal),
  ]);
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
  const unfit = storage.blocker === undefined ? [] : [storage.blocker];
  const busy = underWay(planned, releases);
  const refused = [...unfit, ...forbidden, ...(told.failure === undefined ? [] : [told.failure])];
  const hints = [...refused.map(({ hint }) => hint), ...busy.hints, planned.hint].filter((hint) => hint !== undefined);
  return {
    provider,
    refusal: firstOf({
      NOT_SUPPORTED: planned.blockers.length + unfit.length,
      FORBIDDEN: forbidden.length,
      HELM_FAILED: told.failure === undefined ? 0 : 1,
      CONFLICT: busy.blockers.length,
    }),
    missing,
    plan: {
      ...planned,
      steps: [
        ready.ok ? installerCheck(installer.name, ready.version) : noInstaller(installer.name, ready.message),
        rightsCheck(asked),
        ...storage.steps,
        ...planned.steps,
      ],
      warnings: [...planned.warnings, ...storage.warnings, ...busy.warnings],
      blockers: [...planned.blockers, ...refused.map(({ blocker }) => blocker), ...busy.blockers],
      hint: hints.length === 0 ? undefined : hints.join(' '),
    },
  };
}

const refusals = ['NOT_SUPPORTED', 'FORBIDDEN', 'HELM_FAILED', 'CONFLICT'] as const;
type Refusal = (typeof refusals)[number];

/** What the blockers come to, how many there are of each kind. */
const firstOf = (blockers: Readonly<Record<Refusal, number>>): Refusal =>
  refusals.find((refusal) => blockers[refusal] > 0) ?? 'NOT_SUPPORTED';

const advice = 'A cluster administrator may do this, and whoever has the roles observe and install (docs/rbac).';

const binding = `An administrator binds them: kubectl apply -f docs/rbac, then for each of ${observing.within}, ${observing.outside} and ${clusterRoleOf('install')}: ${bindingCommand('ROLE')}`;

/** Whether a plan does anything besides checking. */
export const changes = ({ steps }: Plan): boolean => steps.some(({ kind }) => kind !== 'check');

/** A release that nobody knows of may hold what would be installed, or be left by a helm that was killed. */
async function readReleases(
  { installer, cluster }: Site,
  able: boolean,
  signal: AbortSignal,
): Promise<{
  readonly releases?: readonly ReleaseFact[];
  readonly failure?: { readonly blocker: string; readonly hint: string };
}> {
  if (!able) return {};
  try {
    return { releases: await installer.releases?.(cluster, signal) };
  } catch (error) {
    if (!(error instanceof FoundryError)) throw error;
    const blocker = `Which helm releases are there is not known, and nothing is changed over the unknown: ${error.message}`;
    return { failure: { blocker, hint: error.hint } };
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
