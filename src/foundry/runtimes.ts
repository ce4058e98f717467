import * as z from 'zod';
import { FoundryError } from '../errors.ts';
import {
  type Facts,
  type Installation,
  installationStates,
  type Provider,
  type RuntimeFacts,
  type Unread,
} from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';
import { preferredRuntime } from '../providers/selection.ts';
import { engines, modes, type RuntimeId, runtimeIds } from '../providers/spec.ts';
import type { Foundry } from './foundry.ts';
import { providersFor } from './listing.ts';
import { readPrimaries } from './primaries.ts';
import { installCall, problem, type RuntimeProblem } from './problems.ts';
import { inContext } from './shell.ts';
import type { Site } from './site.ts';
import { plainLine } from './untrusted-text.ts';

/** One runtime's installation as tools tell it. */
export const runtimeStatus = z.object({
  id: z.enum(runtimeIds),
  name: z.string(),
  state: z.enum(installationStates),
  installed: z.boolean().nullable().describe('null: may not or cannot be known'),
  healthy: z.boolean().nullable(),
  version: z.string().optional(),
  message: z.string().optional(),
  notes: z.array(z.string()).describe('what is odd though it works; also in message'),
  apiVersions: z.array(z.string()).describe('served, best first'),
  operator: z
    .object({ namespace: z.string(), name: z.string(), ready: z.int(), desired: z.int(), image: z.string() })
    .nullable(),
  engines: z.array(z.enum(engines)),
  modes: z.array(z.enum(modes)),
  defaultNamespace: z.string(),
  deployments: z.int().nullable(),
});

export type RuntimeStatus = z.output<typeof runtimeStatus>;

export const runtimesStatus = z.object({
  context: z.string(),
  serverVersion: z.string().nullable(),
  runtimes: z.array(runtimeStatus),
  problems: z.array(problem),
});

export type RuntimesStatus = z.output<typeof runtimesStatus>;

/** What is installed now; what cannot be known is null, and `problems` says why. */
export async function readRuntimesStatus(
  site: Site,
  options: { readonly runtime?: RuntimeId },
  signal: AbortSignal,
): Promise<RuntimesStatus> {
  const facts = await site.runtimeFacts(signal, true);
  const context = site.cluster.namedContext;
  const reached = facts.serverVersion !== undefined;
  const statuses = await Promise.all(
    providersFor(options.runtime).map(async (provider) => {
      const installation = provider.installation.detect(facts);
      const deployments = reached ? await countDeployments(site, provider, facts, signal) : null;
      return {
        status: describe(provider, inItsContext(installation, context), deployments),
        problems: problemsOf(provider, installation, facts),
      };
    }),
  );
  return {
    context: site.context,
    serverVersion: facts.serverVersion ?? null,
    runtimes: statuses.map(({ status }) => status),
    problems: statuses.flatMap(({ problems }) =>
      problems.map((one) => ({ ...one, hint: inContext(one.hint, context) })),
    ),
  };
}

/** Counted with the facts, else where they may be read. */
async function countDeployments(
  site: Site,
  provider: Provider,
  facts: RuntimeFacts,
  signal: AbortSignal,
): Promise<number | null> {
  const crd = facts.crds.find(({ name }) => name === `${provider.plural}.${provider.group}`);
  if (crd?.objects !== undefined) return crd.objects;
  const { objects, failed, served } = await readPrimaries(site, provider, {}, signal);
  return failed.length > 0 ? null : served ? objects.length : 0;
}

/** Letters of a message with all its notes. */
const longestMessage = 1_000;

/** What is odd is told with the command that mends it. */
const inItsContext = (installation: Installation, context: string | undefined): Installation => ({
  ...installation,
  message: inContext(installation.message, context),
  notes: installation.notes.map((note) => inContext(note, context)),
});

function describe(provider: Provider, installation: Installation, deployments: number | null): RuntimeStatus {
  const { state, installed, healthy, version, message, notes, apiVersions, operator } = installation;
  return {
    id: provider.id,
    name: provider.title,
    state,
    installed,
    healthy,
    ...(version !== undefined && { version }),
    message: plainLine(message, longestMessage),
    notes: notes.map((note) => plainLine(note)),
    apiVersions: [...apiVersions],
    operator: operator ? { ...operator } : null,
    engines: [...provider.engines],
    modes: [...provider.modes],
    defaultNamespace: provider.defaultNamespace,
    deployments,
  };
}

/** Only what leaves this runtime's answer open is a problem of it. */
function problemsOf(provider: Provider, installation: Installation, facts: RuntimeFacts): readonly RuntimeProblem[] {
  if (installation.installed !== null && installation.healthy !== null) return [];
  const messages = Map.groupBy(facts.unread, ({ code, message }) => `${code} ${message}`);
  return [...messages.values()].flatMap(([first]) => (first ? [problemOf(provider, first)] : []));
}

const checkConnection = 'Check the connection: `kubefoundry doctor`.';

const problemOf = (provider: Provider, { code, message, hint }: Unread): RuntimeProblem => ({
  runtime: provider.id,
  code,
  message: plainLine(message),
  hint:
    code === 'FORBIDDEN'
      ? 'Ask an administrator for the right to read CRDs and Deployments; `kubefoundry doctor` lists what is missing.'
      : (hint ?? checkConnection),
});

/** What one runtime's installation says, read anew before it is called missing. */
export async function detectInstalled(
  site: Site,
  provider: Provider,
  signal: AbortSignal,
): Promise<{ facts: Facts; installation: Installation; notInstalled?: FoundryError }> {
  const kept = await site.facts(signal);
  const facts = provider.installation.detect(kept).installed === false ? await site.facts(signal, true) : kept;
  const [unread] = facts.unread;
  if (facts.serverVersion === undefined && unread) {
    throw new FoundryError(unread.code, unread.message, unread.hint ?? checkConnection);
  }
  const installation = provider.installation.detect(facts);
  if (installation.installed !== false) return { facts, installation };
  const notInstalled = new FoundryError('RUNTIME_NOT_INSTALLED', installation.message, installCall(provider), {
    runtime: provider.id,
    state: installation.state,
  });
  return { facts, installation, notInstalled };
}

/** The runtimes that are installed (undefined where that cannot be read), and the one to suggest. */
export async function installedRuntimes(
  foundry: Foundry,
  context: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly installed: readonly RuntimeId[] | undefined; readonly preferred: RuntimeId }> {
  try {
    const site = await foundry.site(context);
    const facts = await site.runtimeFacts(signal);
    const statuses = providers.map(({ id, installation }) => ({ id, installed: installation.detect(facts).installed }));
    const installed = statuses.filter((status) => status.installed === true).map(({ id }) => id);
    const known = statuses.every((status) => status.installed !== null);
    return { installed: known || installed.length > 0 ? installed : undefined, preferred: preferredRuntime(installed) };
  } catch (error) {
    if (error instanceof FoundryError) return { installed: undefined, preferred: preferredRuntime([]) };
    throw error;
  }
}
