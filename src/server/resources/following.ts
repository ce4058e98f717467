import type { Foundry } from '../../foundry/foundry.ts';
import { type LiveDeployments, type LiveListing, liveListing } from '../../foundry/live-listing.ts';
import { liveOperators } from '../../foundry/operators.ts';
import type { ResourceAddress } from './address.ts';

/** Changes within this time are told as one: a rollout changes a row many times a second. */
const settleMilliseconds = 500;

interface Lists {
  readonly deployments: LiveListing;
  readonly operators: ReturnType<typeof liveOperators>;
}

/** Tells when what a resource shows may have changed; one set of live lists for all who look at the same namespace. */
export interface Follower {
  /**
   * Tells once when the watch stands, so that nothing is lost between reading and watching, then at every change, also
   * when reading begins to fail.
   *
   * @returns ends it; the last one ends the live lists
   */
  follow(address: ResourceAddress, changed: () => void): () => void;
}

export function createFollower(foundry: Foundry): Follower {
  const listings = new Map<string | undefined, { readonly lists: Promise<Lists>; readers: number }>();

  /** The live lists of a namespace, or of all; given back by `release`. */
  function borrow(namespace: string | undefined) {
    const shared = listings.get(namespace) ?? { lists: open(namespace), readers: 0 };
    listings.set(namespace, shared);
    shared.readers += 1;
    const release = () => {
      shared.readers -= 1;
      if (shared.readers === 0) listings.delete(namespace);
    };
    return { lists: shared.lists, release };
  }

  async function open(namespace: string | undefined): Promise<Lists> {
    const site = await foundry.site(undefined);
    return { deployments: liveListing(site, { namespace }), operators: liveOperators(site) };
  }

  return {
    follow(address, changed) {
      const { lists, release } = borrow(address.kind === 'deployment' ? address.namespace : undefined);
      let ended = false;
      let stops: readonly (() => void)[] = [];
      let timer: NodeJS.Timeout | undefined;
      let known: readonly unknown[] | undefined;
      lists.then(
        ({ deployments, operators }) => {
          if (ended) return;
          const look = () => {
            const now = shownOf(address, deployments.snapshot(), operators.snapshot());
            if (now === undefined || (known !== undefined && isSame(known, now))) return;
            known = now;
            timer ??= setTimeout(() => {
              timer = undefined;
              changed();
            }, settleMilliseconds);
          };
          const sources = address.kind === 'runtimes' ? [deployments, operators] : [deployments];
          stops = sources.map((source) => source.subscribe(look));
          look();
        },
        // Which cluster, or why none: reading says it.
        () => ended || changed(),
      );
      return () => {
        if (ended) return;
        ended = true;
        clearTimeout(timer);
        for (const stop of stops) stop();
        release();
      };
    },
  };
}

const isSame = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((part, index) => part === other[index]);

/** What a resource shows of the live list, as parts that are the same value when nothing changed; undefined before all is known. */
function shownOf(
  address: ResourceAddress,
  { deployments, runtimes }: LiveDeployments,
  operators: ReturnType<Lists['operators']['snapshot']>,
): readonly unknown[] | undefined {
  if (runtimes.some(({ state }) => state === 'connecting')) return undefined;
  const failures = runtimes.map(({ state, error }) => (state === 'failed' ? (error?.code ?? state) : ''));
  const installed = runtimes.map(({ state }) => state === 'not_installed');
  if (address.kind === 'deployments') return [...failures, ...deployments];
  if (address.kind === 'deployment') {
    const { name, runtime } = address;
    const isMeant = (row: (typeof deployments)[number]) =>
      row.name === name && (runtime === undefined || row.runtime === runtime);
    return [...failures, ...deployments.filter(isMeant)];
  }
  const counts = runtimes.map(({ runtime }) => deployments.filter((row) => row.runtime === runtime).length);
  if (operators.state === 'connecting') return undefined;
  const working = operators.items.filter((operator) => operator !== undefined).sort();
  return [...failures, ...installed, ...counts, operators.state === 'failed', ...working];
}
