import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '../kubernetes.ts';
import { isIn } from '../providers/filing.ts';
import type { FailedQuery, Provider, Snapshot } from '../providers/provider.ts';
import { byCodeUnit } from './cursor.ts';
import { type Deployment, describeDeployment } from './deployment.ts';
import type { ListChanges } from './list-changes.ts';
import { type Packed, unpack } from './packed.ts';

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

interface File {
  items: readonly Packed[];
  /** The places of the primaries that look into it. */
  lookers: readonly string[];
}

/** Texts that are remembered to be shared; where rows say so many things, sharing does not pay. */
const mostTexts = 1_000;

/** Troubles are told from events that grow old: what does not run is looked at anew after so many milliseconds. */
const troubleLasts = 5_000;

export function createRows(provider: Provider): Rows {
  const { filing } = provider.reading;
  const primaries = new Map<string, Primary>();
  const files = new Map<string, File>();
  const waiting = new Set<string>();
  /** What does not run, and when that was found out, in this order. */
  const troubled = new Map<string, number>();
  let failed: readonly FailedQuery[] = [];
  let list: readonly Deployment[] | undefined = [];

  const texts = new Map<string, string>();
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

  /** Rows of one list say much the same: what they share stands in memory once. */
  function shared(row: Deployment): Deployment {
    const { kind, apiVersion, namespace, model, servedModelName, reason, message } = row;
    return {
      ...row,
      kind: share(kind),
      apiVersion: share(apiVersion),
      namespace: share(namespace),
      model: model === null ? null : share(model),
      servedModelName: servedModelName === null ? null : share(servedModelName),
      reason: share(reason),
      message: share(message),
    };
  }

  function share(text: string): string {
    if (texts.size >= mostTexts) texts.clear();
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  }

  function fileAt(name: string): File {
    const known = files.get(name);
    if (known) return known;
    const created: File = { items: [], lookers: [] };
    files.set(name, created);
    return created;
  }

  function change(name: string, next: Partial<File>): void {
    const file = Object.assign(fileAt(name), next);
    if (file.items.length === 0 && file.lookers.length === 0) files.delete(name);
  }

  function look(place: string, into: readonly string[], before: readonly string[]): void {
    for (const name of before) {
      if (!into.includes(name)) change(name, { lookers: fileAt(name).lookers.filter((looker) => looker !== place) });
    }
    for (const name of into) {
      if (!before.includes(name)) change(name, { lookers: [...fileAt(name).lookers, place] });
    }
  }

  function snapshotOf(
    { packed }: Primary,
    now: Date,
  ): { readonly snapshot: Snapshot; readonly into: readonly string[] } {
    const primary = unpack(packed);
    const into = new Set<string>();
    const read = (name: string) => {
      into.add(name);
      return (files.get(name)?.items ?? []).map(unpack).sort(byKindAndName);
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
    look(place, into, primary.files);
    primary.files = into;
    const row = shared(describeDeployment(provider, snapshot));
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
        look(place, [], known.files);
        primaries.delete(place);
        troubled.delete(place);
        list = undefined;
      }
    },
    belongings({ gone, come }) {
      for (const packed of gone) {
        if (packed.file === undefined) continue;
        const { items, lookers } = fileAt(packed.file);
        change(packed.file, { items: items.filter((item) => item !== packed) });
        for (const place of lookers) waiting.add(place);
      }
      for (const packed of come) {
        if (packed.file === undefined) continue;
        const { items, lookers } = fileAt(packed.file);
        change(packed.file, { items: [...items, packed] });
        for (const place of lookers) waiting.add(place);
      }
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

const byKindAndName = (a: KubernetesObject, b: KubernetesObject): number =>
  byCodeUnit(a.kind, b.kind) || byCodeUnit(a.metadata.name, b.metadata.name);

/** Failures are made anew each time; what matters is what could not be read. */
const reasonOf = ({ code, query: { kind, namespace } }: FailedQuery) => ({ code, kind, namespace });
