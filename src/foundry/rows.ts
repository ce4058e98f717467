import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '../kubernetes.ts';
import { isIn } from '../providers/filing.ts';
import type { FailedQuery, Provider, Snapshot } from '../providers/provider.ts';
import { byCodeUnit } from './cursor.ts';
import { type Deployment, describeDeployment } from './deployment.ts';
import { createFiles } from './files.ts';
import type { ListChanges } from './list-changes.ts';
import { type Packed, unpack } from './packed.ts';
import { createTextSharing } from './shared-texts.ts';

/**
 * The rows of one runtime. Each is worked out anew only when something that belongs to it changed, so that a change costs
 * the same whatever the length of the list; a row that comes out as before stays the same object.
 */
export interface Rows {
  primaries(changes: ListChanges<Packed>): void;
  belongings(changes: ListChanges<Packed>): void;
  /** What cannot be read. */
  unread(failed: readonly FailedQuery[]): void;
  /** Works rows out until that time (`performance.now()`); true = there is none left to work out. */
  judge(until: number, now: Date): boolean;
  /** The same list as long as no row changed. */
  list(): readonly Deployment[];
  /** Primaries to ask a provider with what to read: the only one, or of several the bare names, one of each namespace. */
  asking(apiVersion: string): readonly KubernetesObject[];
  /** What a row is read from; undefined where there is none of that place (`namespace/name`). */
  find(place: string, now: Date): { readonly row: Deployment; readonly snapshot: Snapshot } | undefined;
}

interface Primary {
  packed: Packed;
  /** The files that it looks into. */
  files: readonly string[];
  row: Deployment | undefined;
}

/** Troubles are told from events that grow old: what does not run is looked at anew after so many milliseconds. */
const troubleLasts = 5_000;

export function createRows(provider: Provider): Rows {
  const { filing } = provider.reading;
  const primaries = new Map<string, Primary>();
  const files = createFiles();
  const share = createTextSharing();
  const waiting = new Set<string>();
  /** What does not run, and when that was found out, in this order. */
  const troubled = new Map<string, number>();
  let failed: readonly FailedQuery[] = [];
  let list: readonly Deployment[] | undefined = [];

  let asking: readonly KubernetesObject[] | undefined;

  function primariesToAsk(apiVersion: string): readonly KubernetesObject[] {
    const [first] = primaries.values();
    if (first && primaries.size === 1) return [unpack(first.packed)];
    const names = [...primaries.keys()].map((place) => {
      const [namespace = '', name = ''] = place.split('/');
      return { namespace, name };
    });
    const namespaces = new Map(names.map((metadata) => [metadata.namespace, metadata]));
    const few = namespaces.size === 1 ? names.slice(0, 2) : [...namespaces.values()];
    return few.map((metadata) => ({ apiVersion, kind: provider.kind, metadata }));
  }

  function snapshotOf(
    { packed }: Primary,
    now: Date,
  ): { readonly snapshot: Snapshot; readonly into: readonly string[] } {
    const primary = unpack(packed);
    const into = new Set<string>();
    const read = (name: string) => {
      into.add(name);
      return files.items(name).map(unpack).sort(byKindAndName);
    };
    const unread = failed.filter(({ query }) => isIn(primary, query.namespace));
    try {
      const objects = filing.gather(primary, read);
      return { snapshot: { primary, objects, unread, now }, into: [...into] };
    } catch {
      // An object that others broke must not take the rest of the list with it.
      return { snapshot: { primary, objects: [], unread, now }, into: [...into] };
    }
  }

  function judgeOne(place: string, now: Date): void {
    const primary = primaries.get(place);
    troubled.delete(place);
    if (!primary) return;
    const { snapshot, into } = snapshotOf(primary, now);
    files.look(place, into, primary.files);
    primary.files = into;
    const row = sharing(describeDeployment(provider, snapshot), share);
    if (row.phase !== 'Running') troubled.set(place, performance.now());
    if (primary.row && isDeepStrictEqual(row, primary.row)) return;
    primary.row = row;
    list = undefined;
  }

  return {
    primaries({ gone, come }) {
      if (gone.length > 0 || come.length > 0) asking = undefined;
      for (const packed of come) {
        const place = packed.file ?? '';
        const known = primaries.get(place);
        if (known) known.packed = packed;
        else primaries.set(place, { packed, files: [], row: undefined });
        waiting.add(place);
      }
      for (const packed of gone) {
        const place = packed.file ?? '';
        const known = primaries.get(place);
        if (known?.packed !== packed) continue;
        files.look(place, [], known.files);
        primaries.delete(place);
        troubled.delete(place);
        list = undefined;
      }
    },
    belongings({ gone, come }) {
      for (const packed of gone) for (const place of files.take(packed)) waiting.add(place);
      for (const packed of come) for (const place of files.put(packed)) waiting.add(place);
    },
    unread(next) {
      const same = isDeepStrictEqual(next.map(reasonOf), failed.map(reasonOf));
      failed = next;
      if (!same) for (const place of primaries.keys()) waiting.add(place);
    },
    judge(until, now) {
      for (const place of waiting) {
        waiting.delete(place);
        judgeOne(place, now);
        if (performance.now() > until) return waiting.size === 0;
      }
      const old = performance.now() - troubleLasts;
      for (const [place, at] of troubled) {
        if (at > old || performance.now() > until) break;
        judgeOne(place, now);
      }
      return true;
    },
    list() {
      list ??= [...primaries.values()].flatMap(({ row }) => row ?? []);
      return list;
    },
    asking(apiVersion) {
      asking ??= primariesToAsk(apiVersion);
      return asking;
    },
    find(place, now) {
      const primary = primaries.get(place);
      return primary?.row && { row: primary.row, snapshot: snapshotOf(primary, now).snapshot };
    },
  };
}

/** Rows of one list say much the same: what they share stands in memory once. */
const sharing = (row: Deployment, share: (text: string) => string): Deployment => ({
  ...row,
  kind: share(row.kind),
  apiVersion: share(row.apiVersion),
  namespace: share(row.namespace),
  model: row.model === null ? null : share(row.model),
  servedModelName: row.servedModelName === null ? null : share(row.servedModelName),
  reason: share(row.reason),
  message: share(row.message),
});

const byKindAndName = (a: KubernetesObject, b: KubernetesObject): number =>
  byCodeUnit(a.kind, b.kind) || byCodeUnit(a.metadata.name, b.metadata.name);

/** Failures are made anew each time; what matters is what could not be read. */
const reasonOf = ({ code, query: { kind, namespace } }: FailedQuery) => ({ code, kind, namespace });
