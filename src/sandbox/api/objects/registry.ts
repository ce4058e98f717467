import { apiVersionOf, type ServedResource } from './resource.ts';

const stability = { '': 2, beta: 1, alpha: 0 } as const;

function rank(version: string): readonly [number, number, number] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) return [-1, 0, 0];
  const [, major = '0', level = '', minor = '0'] = match;
  return [level === 'alpha' || level === 'beta' ? stability[level] : stability[''], Number(major), Number(minor)];
}

/** Kubernetes' order of versions, the most stable and newest first: v2, v1, v1beta2, v1beta1, v1alpha1. */
function compareVersions(left: string, right: string): number {
  const ranks = rank(left);
  const others = rank(right);
  for (const [index, value] of ranks.entries()) {
    const other = others[index] ?? 0;
    if (value !== other) return other - value;
  }
  return left.localeCompare(right);
}

/** What the server serves at this moment. */
export class Registry {
  readonly #served = new Map<string, ServedResource>();
  readonly #removals = new Map<string, Set<() => void>>();

  add(resource: ServedResource): void {
    this.#served.set(`${apiVersionOf(resource)}/${resource.plural}`, resource);
  }

  /** Stops serving every version of a resource. */
  remove(table: string): void {
    for (const [key, resource] of this.#served) if (resource.table === table) this.#served.delete(key);
    for (const listener of [...(this.#removals.get(table) ?? [])]) listener();
  }

  /** Tells when a resource stops being served, or starts anew with another definition. */
  onRemoval(table: string, listener: () => void): () => void {
    const listeners = this.#removals.get(table) ?? new Set();
    this.#removals.set(table, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  find(apiVersion: string, plural: string): ServedResource | undefined {
    return this.#served.get(`${apiVersion}/${plural}`);
  }

  ofKind(apiVersion: string, kind: string): ServedResource | undefined {
    return this.all().find((resource) => apiVersionOf(resource) === apiVersion && resource.kind === kind);
  }

  /** The version in which the table keeps its objects, or any that is served. */
  ofTable(table: string): ServedResource | undefined {
    const versions = this.all().filter((resource) => resource.table === table);
    return versions.find((resource) => apiVersionOf(resource) === resource.storedAs) ?? versions[0];
  }

  all(): readonly ServedResource[] {
    return [...this.#served.values()];
  }

  /** Every group but the core one, with its versions in order of preference. */
  groups(): ReadonlyMap<string, readonly string[]> {
    const groups = new Map<string, string[]>();
    for (const { group, version } of this.all()) {
      if (group === '') continue;
      const versions = groups.get(group) ?? [];
      if (!versions.includes(version)) versions.push(version);
      groups.set(group, versions);
    }
    for (const versions of groups.values()) versions.sort(compareVersions);
    return groups;
  }

  inVersion(apiVersion: string): readonly ServedResource[] {
    return this.all()
      .filter((resource) => apiVersionOf(resource) === apiVersion)
      .sort((left, right) => left.plural.localeCompare(right.plural));
  }
}
