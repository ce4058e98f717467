import { isDeepStrictEqual } from 'node:util';
import { entriesAt, type KubernetesObject, listAt, textAt, valueAt } from '../kubernetes.ts';
import type { Edit } from '../providers/provider.ts';
import { edited } from './field-changes.ts';

/** The field manager of everything that we apply. */
const ourManager = 'kubefoundry';

type Path = readonly (string | number)[];

/** What we applied of an object, as the server keeps it; undefined where it never was applied by us. */
function ourEntry(object: KubernetesObject): unknown {
  return listAt(object, 'metadata', 'managedFields').find(
    (entry) =>
      textAt(entry, 'manager') === ourManager &&
      textAt(entry, 'operation') === 'Apply' &&
      textAt(entry, 'subresource') === undefined,
  );
}

/** The `apiVersion` in which we applied an object last; undefined where we never did. */
export const appliedVersion = (object: KubernetesObject): string | undefined => textAt(ourEntry(object), 'apiVersion');

/**
 * What to apply so that the edit becomes part of what we applied before, and nothing else changes: fields that we leave out
 * would be taken away. Undefined where we do not own the object in this version, or are to take away what we do not own.
 *
 * Source of the notation: FieldsV1 of k8s.io/apimachinery (`f:` a field, `k:` an item by its keys, `v:` by its value)
 */
export function ownEdited(edit: Edit): KubernetesObject | undefined {
  const entry = ourEntry(edit.object);
  if (entry === undefined || textAt(entry, 'apiVersion') !== edit.object.apiVersion) return undefined;
  const fields = valueAt(entry, 'fieldsV1');
  const foreign = edit.changes.some(({ path, value }) => value === undefined && !owns(fields, path));
  if (foreign) return undefined;
  const object = edited(edit);
  const { apiVersion, kind, metadata } = object;
  const { name, namespace, uid } = metadata;
  const kept = (field: 'metadata' | 'spec') => {
    const paths = edit.changes.filter(({ path }) => path[0] === field).map(({ path }) => path.slice(1));
    return ownPart(object[field], valueAt(fields, `f:${field}`), paths);
  };
  const ours = kept('metadata');
  return {
    apiVersion,
    kind,
    metadata: { ...(typeof ours === 'object' ? ours : {}), name, namespace, ...(uid === undefined ? {} : { uid }) },
    spec: kept('spec'),
  };
}

/** Whether the path leads through named fields that we own, to their end. */
function owns(fields: unknown, path: Path): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return true;
  const below = valueAt(fields, `f:${step}`);
  if (below === undefined) return false;
  return isLeaf(below) || owns(below, rest);
}

const isLeaf = (fields: unknown): boolean => entriesAt(fields).every(([element]) => element === '.');

/** The part of a value that the fields name, with what the paths lead to. */
function ownPart(value: unknown, fields: unknown, paths: readonly Path[]): unknown {
  const whole = fields !== undefined && isLeaf(fields);
  if (whole || paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) return fields === undefined ? value : ownItems(value, fields, paths);
  const kept = entriesAt(value).flatMap(([field, child]): readonly (readonly [string, unknown])[] => {
    const below = valueAt(fields, `f:${field}`);
    const wanted = paths.filter(([step]) => step === field).map((path) => path.slice(1));
    if (below === undefined && wanted.length === 0) return [];
    return [[field, ownPart(child, below, wanted)]];
  });
  return Object.fromEntries(kept);
}

function ownItems(items: readonly unknown[], fields: unknown, paths: readonly Path[]): readonly unknown[] {
  const keyed = entriesAt(fields)
    .filter(([element]) => element.startsWith('k:'))
    .map(([element, below]) => ({ keys: entriesAt(JSON.parse(element.slice(2))), below }));
  const values = entriesAt(fields)
    .filter(([element]) => element.startsWith('v:'))
    .map(([element]): unknown => JSON.parse(element.slice(2)));
  return items.flatMap((item, index) => {
    const wanted = paths.filter(([step]) => step === index).map((path) => path.slice(1));
    const own = keyed.find(({ keys }) => keys.every(([key, value]) => isDeepStrictEqual(valueAt(item, key), value)));
    if (own === undefined) {
      const kept = wanted.length > 0 || values.some((value) => isDeepStrictEqual(value, item));
      return kept ? [item] : [];
    }
    const part = ownPart(item, own.below, wanted);
    return [{ ...Object.fromEntries(own.keys), ...(typeof part === 'object' ? part : {}) }];
  });
}
