import { stringify } from 'yaml';
import type { Precondition } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { Facts, Installation, Manifests, Plan, Problem, Provider, Step } from '../providers/provider.ts';
import type { DeploymentSpec, Role } from '../providers/spec.ts';
import { imageToKeep } from './default-image.ts';
import { type Difference, differences } from './differences.ts';
import { type Fit, fitOf } from './fit/fit.ts';
import { strayWarnings } from './fit/straying.ts';
import { adviseOn } from './models/model-advice.ts';
import { creationWarning, isNamespaceMissing, namespaceStep } from './namespace.ts';
import { isNotServed, primaryName } from './primaries.ts';
import { redact } from './redaction.ts';
import { detectInstalled } from './runtimes.ts';
import { otherRuntimes } from './same-name.ts';
import type { Site } from './site.ts';
import { completeSpec, providerOf, type RequestedSpec, refusalOf } from './specification.ts';
import { standingRefusal } from './standing.ts';
import { plainLine } from './untrusted-text.ts';

/** What deploying a spec would do, and all that speaks against it. */
export interface DeploymentPlan {
  readonly provider: Provider;
  readonly spec: DeploymentSpec;
  readonly change: 'create' | 'update' | 'unchanged' | 'refused';
  /** Why deploying would fail, the first reason first. */
  readonly refusals: readonly FoundryError[];
  /** What the provider says about the spec, refusals and warnings. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  readonly fit: Fit | null;
  /** YAML of everything that would be applied; empty where the spec cannot be built. */
  readonly manifests: string;
  /** What the server said to it; `accepted` is null where it could not be asked. */
  readonly dryRun: { readonly accepted: boolean | null; readonly message: string };
  readonly differences: readonly Difference[];
  /** The roles whose pods an update replaces. */
  readonly restarts: readonly Role[];
  /** How the object stood that was planned on. It is no part of the plan: operators write status all the time. */
  readonly onlyIf?: Precondition;
  readonly plan: Plan;
}

export interface PlanOptions {
  readonly replace: boolean;
  /** Who uses GPUs is read anew; default: at most ten seconds old. */
  readonly fresh?: boolean;
}

/**
 * Reads, validates, builds and asks the server; changes nothing.
 *
 * @throws FoundryError where the cluster cannot be asked at all
 */
export async function planDeployment(
  site: Site,
  requested: RequestedSpec,
  options: PlanOptions,
  signal: AbortSignal,
): Promise<DeploymentPlan> {
  try {
    return await planWithKeptFacts(site, requested, options, signal);
  } catch (error) {
    if (!isNotServed(error)) throw error;
    // The CRD went away since the facts were read; with new ones the plan says that the runtime is not installed.
    await site.facts(signal, true);
    return planWithKeptFacts(site, requested, options, signal);
  }
}

async function planWithKeptFacts(
  site: Site,
  requested: RequestedSpec,
  options: PlanOptions,
  signal: AbortSignal,
): Promise<DeploymentPlan> {
  const provider = providerOf(requested.runtime);
  const spec = completeSpec(requested, provider);
  const [{ facts, installation, notInstalled }, survey, model] = await Promise.all([
    detectInstalled(site, provider, signal),
    site.survey(signal, options.fresh),
    adviseOn(spec, site.models, signal),
  ]);
  const problems = provider.deploying.validate(spec, facts);
  const invalid = refusalOf(problems);
  const manifests = invalid ? undefined : build(provider, spec, facts);
  const early = [invalid, notInstalled].filter((refusal) => refusal !== undefined);
  const fit = fitOf(spec, survey, model.facts);
  const warnings = [
    ...warningsOf(installation, problems, manifests),
    ...unknownFit(facts),
    ...strayWarnings(fit, survey),
    ...model.warnings,
  ];
  const begun = { provider, spec, problems, fit, manifests: yamlOf(manifests) };
  if (!manifests || early.length > 0) {
    return {
      ...begun,
      change: 'refused',
      refusals: early,
      warnings,
      dryRun: { accepted: null, message: 'not asked: the spec is refused before' },
      differences: [],
      restarts: [],
      plan: {
        summary: summaryOf('refused', spec, manifests?.primary),
        steps: [],
        warnings,
        blockers: early.map(messageOf),
      },
    };
  }

  const { primary, extra } = manifests;
  const [others, tried] = await Promise.all([
    otherRuntimes(site, provider, spec, { anywhere: options.replace && requested.namespace === undefined }, signal),
    dryRun(site, [...extra, primary], signal),
  ]);
  const homeless = isNamespaceMissing(tried.refusal);
  const trial = homeless ? undefined : tried;
  const existing =
    homeless || isNew(tried.primary)
      ? undefined
      : await site.cluster.get(primaryName(provider, primary.apiVersion), at(spec), { signal });
  const changes = existing && trial?.primary ? differences(existing, trial.primary, primary) : [];
  const made = changes.length > 0 ? trial?.primary : undefined;
  const restarts = existing && made ? provider.deploying.restarts(existing, made) : [];
  const unchanged = existing !== undefined && trial?.primary !== undefined && changes.length === 0;
  const keptImage =
    existing && changes.length > 0 && !options.replace
      ? await imageToKeep(site, { provider, spec, facts }, existing, signal)
      : undefined;
  const standing =
    existing &&
    standingRefusal({
      ...{ provider, existing, primary, unchanged, changes, restarts, keptImage },
      trial: trial?.refusal,
      ...options,
    });
  const refusals = [others.refusal, existing ? undefined : others.elsewhere, standing, trial?.refusal].filter(
    (refusal) => refusal !== undefined,
  );
  const change = refusals.length > 0 ? 'refused' : unchanged ? 'unchanged' : existing ? 'update' : 'create';
  const making = homeless ? [namespaceStep(spec.namespace)] : [];
  const steps = change === 'create' || change === 'update' ? [...making, ...applySteps(manifests, change)] : [];
  const consequences =
    change === 'update' && existing && made ? (provider.deploying.consequences?.(existing, made) ?? []) : [];
  const home = { name: spec.namespace, written: requested.namespace !== undefined };
  const homelessness = homeless ? [await creationWarning(site, home, signal)] : [];
  const all = [...homelessness, ...warnings, ...others.warnings, ...consequences];
  return {
    ...begun,
    change,
    refusals,
    warnings: all,
    dryRun: {
      accepted: trial ? trial.refusal === undefined : null,
      message: trial
        ? plainLine(trial.refusal?.message ?? 'the server accepts it')
        : 'not asked: the namespace does not exist yet',
    },
    differences: changes,
    restarts,
    onlyIf: existing ? unchangedSince(existing) : 'absent',
    plan: { summary: summaryOf(change, spec, primary), steps, warnings: all, blockers: refusals.map(messageOf) },
  };
}

const at = ({ namespace, name }: DeploymentSpec) => ({ namespace, name });
const messageOf = ({ message }: FoundryError): string => message;

/** A provider may be unable to build for a runtime that is not there; the refusal says why already. */
function build(provider: Provider, spec: DeploymentSpec, facts: Facts): Manifests | undefined {
  try {
    return provider.deploying.build(spec, facts);
  } catch (error) {
    if (error instanceof FoundryError) return undefined;
    throw error;
  }
}

const yamlOf = (manifests: Manifests | undefined): string =>
  manifests ? [...manifests.extra, manifests.primary].map((object) => stringify(redact(object))).join('---\n') : '';

function warningsOf(installation: Installation, problems: readonly Problem[], manifests: Manifests | undefined) {
  const doubtful = installation.installed !== false && installation.healthy !== true ? [installation.message] : [];
  const fromSpec = problems
    .filter(({ severity }) => severity === 'warning')
    .map(({ path, message, hint }) => `${path}: ${message} ${hint}`);
  return [...doubtful, ...fromSpec, ...(manifests?.warnings ?? [])];
}

const unknownFit = ({ unread }: Facts): readonly string[] =>
  unread
    .filter(({ what }) => what === 'nodes')
    .map(({ message }) => `Whether it fits is not known. ${plainLine(message)}`);

/** The server gives a resourceVersion only to what it keeps: a dry-run's answer without one is of an object not there yet. */
const isNew = (tried: KubernetesObject | undefined): boolean =>
  tried !== undefined && tried.metadata.resourceVersion === undefined;

async function dryRun(
  site: Site,
  objects: readonly KubernetesObject[],
  signal: AbortSignal,
): Promise<{ readonly primary?: KubernetesObject; readonly refusal?: FoundryError }> {
  try {
    const answers = await Promise.all(objects.map((object) => site.cluster.apply(object, { dryRun: true, signal })));
    return { primary: answers.at(-1) };
  } catch (error) {
    if (error instanceof FoundryError) return { refusal: error };
    throw error;
  }
}

const unchangedSince = ({ metadata: { resourceVersion } }: KubernetesObject): Precondition | undefined =>
  resourceVersion === undefined ? undefined : { resourceVersion };

function applySteps({ primary, extra }: Manifests, change: 'create' | 'update'): readonly Step[] {
  return [...extra, primary].map((object) => ({
    kind: 'apply',
    object,
    title: `${change === 'create' ? 'Create' : 'Update'} ${object.kind} ${object.metadata.namespace}/${object.metadata.name}`,
    command: `kubectl apply --server-side --field-manager=kubefoundry -n ${object.metadata.namespace} -f ${object.metadata.name}.yaml`,
  }));
}

function summaryOf(
  change: DeploymentPlan['change'],
  spec: DeploymentSpec,
  primary: KubernetesObject | undefined,
): string {
  const what = `${primary?.kind ?? spec.runtime} ${spec.namespace}/${spec.name}`;
  if (change === 'unchanged') return `${what} is already as asked; nothing to do.`;
  if (change === 'refused') return `${what} cannot be deployed as asked.`;
  return `${change === 'create' ? 'Create' : 'Update'} ${what}, serving ${spec.model}.`;
}
