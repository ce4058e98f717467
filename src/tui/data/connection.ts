import type { FoundryError } from '../../errors.ts';
import type { Foundry } from '../../foundry/foundry.ts';
import { type LiveListing, liveListing } from '../../foundry/live-listing.ts';
import { listedNamespaces, namedNamespaces } from '../../foundry/permitted.ts';
import { type RuntimesStatus, readRuntimesStatus } from '../../foundry/runtimes.ts';
import type { Site } from '../../foundry/site.ts';
import type { Access } from '../state/access.ts';
import { createCell, type Source } from '../state/source.ts';
import { asFoundryError, createPolled, type Polled } from './polled.ts';

export interface KnownNamespaces {
  readonly names: readonly string[];
  /** Whether there are others, or it may not be known. */
  readonly more: boolean;
}

/** One cluster with everything live that the screens show of it. */
export interface OpenConnection {
  readonly state: 'open';
  readonly site: Site;
  /** Absent = all namespaces. */
  readonly namespace?: string;
  readonly listing: LiveListing;
  readonly runtimes: Polled<RuntimesStatus>;
  /** The namespaces to choose from. */
  namespaces(signal: AbortSignal): Promise<KnownNamespaces>;
}

export type Connection =
  | { readonly state: 'opening'; readonly context?: string }
  | { readonly state: 'failed'; readonly context?: string; readonly error: FoundryError }
  | OpenConnection;

/** The cluster that the dashboard looks at. */
export interface Connections extends Source<Connection> {
  /** Absent = the kubeconfig's current context. */
  connect(context: string | undefined): Promise<void>;
  /** Reads everything anew, from the same place. */
  again(): Promise<void>;
  /** Absent = all. */
  scope(namespace: string | undefined): void;
}

/** Milliseconds between two looks at what is installed. */
const runtimesEvery = 10_000;

export function createConnections(foundry: Foundry, access: Access): Connections {
  const { set, ...source } = createCell<Connection>({ state: 'opening' });
  let wanted: string | undefined;

  const connectionTo = (site: Site, namespace: string | undefined): OpenConnection => ({
    state: 'open',
    site,
    ...(namespace !== undefined && { namespace }),
    listing: liveListing(site, namespace === undefined ? {} : { namespace }),
    runtimes: createPolled((signal) => readRuntimesStatus(site, {}, signal), {
      every: runtimesEvery,
      now: site.now,
    }),
    async namespaces(signal) {
      const names = site.cluster.namespaces ?? (await listedNamespaces(site.cluster, signal));
      return { names: names ?? namedNamespaces(site.cluster), more: names === undefined };
    },
  });

  async function connect(context: string | undefined): Promise<void> {
    wanted = context;
    const named = context === undefined ? {} : { context };
    set({ state: 'opening', ...named });
    try {
      const site = await foundry.site(context);
      if (wanted !== context) return;
      access.enter({ readOnly: site.cluster.readOnly, isProtected: foundry.protects(site.context) });
      set(connectionTo(site, undefined));
    } catch (error) {
      if (wanted === context) set({ state: 'failed', ...named, error: asFoundryError(error) });
    }
  }

  return {
    ...source,
    connect,
    async again() {
      const now = source.snapshot();
      if (now.state === 'open') set(connectionTo(now.site, now.namespace));
      else await connect(wanted);
    },
    scope(namespace) {
      const now = source.snapshot();
      if (now.state === 'open' && now.namespace !== namespace) set(connectionTo(now.site, namespace));
    },
  };
}
