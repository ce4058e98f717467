import { isObject, type JsonObject } from '../objects/json.ts';

/**
 * A step of a path as FieldsV1 writes it: `f:NAME` for a field, `k:{"name":"x"}` for the item of a list with these
 * keys, `v:VALUE` for an item of a set.
 */
export type Element = string;

/** A set of fields: the paths that one manager owns. Never changed once built, but by the builder itself. */
export class FieldSet {
  /** Elements that belong to the set themselves. */
  readonly members = new Set<Element>();
  /** What belongs to the set below an element. */
  readonly children = new Map<Element, FieldSet>();

  /** Builder: adds one path, which must not be empty. */
  insert(path: readonly Element[]): void {
    const [element, ...rest] = path;
    if (element === undefined) return;
    if (rest.length === 0) {
      this.members.add(element);
      return;
    }
    const child = this.children.get(element) ?? new FieldSet();
    this.children.set(element, child);
    child.insert(rest);
  }

  get isEmpty(): boolean {
    return this.members.size === 0 && [...this.children.values()].every((child) => child.isEmpty);
  }

  union(other: FieldSet): FieldSet {
    return combined(this, other, (mine, theirs) => mine || theirs);
  }

  intersection(other: FieldSet): FieldSet {
    return combined(this, other, (mine, theirs) => mine && theirs);
  }

  /** This without what is a member of the other; what the other does not name itself stays. */
  difference(other: FieldSet): FieldSet {
    return combined(this, other, (mine, theirs) => mine && !theirs);
  }

  /** This without the members of the other and everything below them. */
  recursiveDifference(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const element of this.members) if (!other.members.has(element)) result.members.add(element);
    for (const [element, child] of this.children) {
      if (other.members.has(element)) continue;
      const below = other.children.get(element);
      const left = below === undefined ? child : child.recursiveDifference(below);
      if (!left.isEmpty) result.children.set(element, left);
    }
    return result;
  }

  equals(other: FieldSet): boolean {
    return this.difference(other).isEmpty && other.difference(this).isEmpty;
  }

  /** Every path of the set, parents before what is below them. */
  *paths(prefix: readonly Element[] = []): Generator<readonly Element[]> {
    const elements = new Set([...this.members, ...this.children.keys()]);
    for (const element of [...elements].sort()) {
      if (this.members.has(element)) yield [...prefix, element];
      yield* this.children.get(element)?.paths([...prefix, element]) ?? [];
    }
  }

  /** As `managedFields` keep it. */
  toFieldsV1(): JsonObject {
    const fields: { [element: Element]: JsonObject } = {};
    const elements = new Set([...this.members, ...this.children.keys()]);
    for (const element of [...elements].sort()) {
      const child = this.children.get(element);
      const below = child === undefined || child.isEmpty ? undefined : child.toFieldsV1();
      if (below === undefined && !this.members.has(element)) continue;
      fields[element] = { ...(below !== undefined && this.members.has(element) ? { '.': {} } : {}), ...below };
    }
    return fields;
  }

  static fromFieldsV1(fields: JsonObject): FieldSet {
    const set = new FieldSet();
    for (const [element, below] of Object.entries(fields)) {
      if (element === '.' || !isObject(below)) continue;
      const names = Object.keys(below);
      if (names.length === 0 || names.includes('.')) set.members.add(element);
      const child = FieldSet.fromFieldsV1(below);
      if (!child.isEmpty) set.children.set(element, child);
    }
    return set;
  }

  static of(...paths: readonly (readonly Element[])[]): FieldSet {
    const set = new FieldSet();
    for (const path of paths) set.insert(path);
    return set;
  }
}

const nothing = new FieldSet();

function combined(left: FieldSet, right: FieldSet, keeps: (mine: boolean, theirs: boolean) => boolean): FieldSet {
  const result = new FieldSet();
  for (const element of [...left.members, ...right.members]) {
    if (keeps(left.members.has(element), right.members.has(element))) result.members.add(element);
  }
  for (const element of [...left.children.keys(), ...right.children.keys()]) {
    if (result.children.has(element)) continue;
    const child = combined(left.children.get(element) ?? nothing, right.children.get(element) ?? nothing, keeps);
    if (!child.isEmpty) result.children.set(element, child);
  }
  return result;
}

const keyWords = (keys: JsonObject): string =>
  Object.entries(keys)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(',');

/** A path as messages show it: `.spec.containers[name="x"].image`. */
export const pathWords = (path: readonly Element[]): string =>
  path
    .map((element) => {
      const rest = element.slice(2);
      switch (element[0]) {
        case 'k':
          return `[${keyWords(JSON.parse(rest))}]`;
        case 'v':
          return `[=${rest}]`;
        case 'i':
          return `[${rest}]`;
        default:
          return `.${rest}`;
      }
    })
    .join('');
