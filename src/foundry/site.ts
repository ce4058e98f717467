import type { Cluster } from '../cluster/cluster.ts';
import type { CrdFact, Facts, Provider, RuntimeFacts, Unread } from '../providers/provider.ts';
import { nodeProblems, readGpuPods, type Survey } from './capacity/survey.ts';
import { readCrd } from './crds.ts';
import { gatherNodes, gatherRuntimeFacts, reachDeadline } from './facts.ts';
import type { Installer } from './installer.ts';
import type { ModelLibrary } from './models/model-library.ts';
import { listedNamespaces } from './permitted.ts';
import { type Remembered, remembered } from './remembered.ts';

const keptMilliseconds = 10_000;

/** One cluster as the foundry sees it: the door, who installs there, and what was found out lately. */
export interface Site {
  /** The kubeconfig context, echoed in every result. */
  readonly context: string;
  readonly cluster: Cluster;
  readonly installer: Installer;
  /** URL of a mirror from which all charts are taken; absent = where they are published. */
  readonly chartRepository?: string;
  readonly models: ModelLibrary;
  now(): Date;
  /** What detection needs, at most ten seconds old; `fresh` reads anew. */
  runtimeFacts(signal: AbortSignal, fresh?: boolean): Promise<RuntimeFacts>;
  /** The same with the nodes. */
  facts(signal: AbortSignal, fresh?: boolean): Promise<Facts>;
  /** Nodes with GPUs and who asks for them: at most ten seconds old, `fresh` reads both anew. Two requests and pages. */
  survey(signal: AbortSignal, fresh?: boolean): Promise<Survey>;
  /** Names of all namespaces; undefined where they may not be listed. At most ten seconds old. One request and pages. */
  namespaces(signal: AbortSignal): Promise<readonly string[] | undefined>;
  /**
   * The `apiVersion` in which a runtime's primaries are read; undefined when their CRD is not served.
   * Costs at most one request besides discovery.
   */
  readVersion(provider: Provider, signal: AbortSignal): Promise<string | undefined>;
}

export function createSite(options: Pick<Site, 'cluster' | 'installer' | 'chartRepository' | 'models' | 'now'>): Site {
  const { cluster, installer, chartRepository, models, now } = options;
  const runtimeFacts = remembered(
    (signal, fresh) => gatherRuntimeFacts(cluster, signal, { fresh }),
    keptMilliseconds,
    isLasting,
  );
  const nodes = remembered((signal) => gatherNodes(cluster, signal), keptMilliseconds, isLasting);
  const gpuPods = remembered(
    (signal) => readGpuPods(cluster, signal),
    keptMilliseconds,
    ({ pods }) => pods !== null,
  );
  const namespaces = remembered(
    (signal) => listedNamespaces(cluster, signal),
    keptMilliseconds,
    (names) => names !== undefined,
  );
  const primaries = new Map<string, Remembered<CrdFact | undefined>>();

  const primaryCrd = (provider: Provider): Remembered<CrdFact | undefined> => {
    const known = primaries.get(provider.id);
    if (known) return known;
    const created = remembered(
      (signal) => readPrimaryCrd(cluster, provider, signal),
      keptMilliseconds,
      (crd) => crd !== undefined,
    );
    primaries.set(provider.id, created);
    return created;
  };

  return {
    context: cluster.context,
    cluster,
    installer,
    chartRepository,
    models,
    now,
    runtimeFacts,
    async facts(signal, fresh) {
      const [found, read] = await Promise.all([runtimeFacts(signal, fresh), nodes(signal, fresh)]);
      return { ...found, nodes: read.nodes, unread: [...found.unread, ...read.unread] };
    },
    async survey(signal, fresh) {
      const [read, { pods, problems }] = await Promise.all([nodes(signal, fresh), gpuPods(signal, fresh)]);
      const unread = nodeProblems(read.unread);
      return { nodes: unread.length > 0 ? null : read.gpuNodes, pods, problems: [...unread, ...problems] };
    },
    namespaces,
    async readVersion(provider, signal) {
      const crd = await primaryCrd(provider)(signal);
      if (!crd) return undefined;
      return provider.installation.detect({ crds: [crd], operators: [], unread: [] }).readVersion;
    },
  };
}

/** What could not be read for a passing reason is asked again the next time. */
const isLasting = ({ unread }: { readonly unread: readonly Unread[] }): boolean =>
  unread.every(({ code }) => code === 'FORBIDDEN');

/** Discovery answers alone where one version is served; which of several is stored stands only in the CRD. */
async function readPrimaryCrd(cluster: Cluster, provider: Provider, signal: AbortSignal): Promise<CrdFact | undefined> {
  const { group, kind, plural } = provider;
  const served = await cluster.resource({ group, kind }, { signal, deadline: reachDeadline });
  if (!served) return undefined;
  const versions = (await cluster.resources({ signal }))
    .filter((resource) => resource.group === group && resource.kind === kind)
    .map((resource) => resource.version);
  const found: CrdFact = { name: `${plural}.${group}`, group, plural, kind, served: versions };
  if (versions.length < 2) return found;
  return readCrd(cluster, found.name, { discovered: found, fresh: false }, signal);
}
