import { type KubernetesObject, textAt, valueAt } from '../kubernetes.ts';
import type { Edit, FieldChange, PatchOperation } from '../providers/provider.ts';

type Path = FieldChange['path'];

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy with the value at the path; maps on the way are made where they are missing. `undefined` takes it away. */
function withValue(target: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  const next = withValue(valueAt(target, step), rest, value);
  if (Array.isArray(target)) return target.with(Number(step), next);
  const fields = isMap(target) ? target : {};
  if (next !== undefined) return { ...fields, [step]: next };
  const { [step]: _, ...others } = fields;
  return others;
}

/** The object as the edit leaves it. */
export function edited({ object, changes }: Edit): KubernetesObject {
  const spec = changes.reduce((done: unknown, { path, value }) => withValue(done, path.slice(1), value), object.spec);
  return { ...object, spec };
}

const pointer = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Fields by which items of lists go. */
const itemKeys = ['name', 'groupName'];

/** That the items of lists on the way are those that were seen: their places are not their names. */
function sameItems(object: KubernetesObject, path: Path): readonly PatchOperation[] {
  return path.flatMap((step, index): readonly PatchOperation[] => {
    if (typeof step !== 'number') return [];
    const item = path.slice(0, index + 1);
    const key = itemKeys.find((candidate) => textAt(object, ...item, candidate) !== undefined);
    if (key === undefined) return [];
    return [{ op: 'test', path: pointer([...item, key]), value: textAt(object, ...item, key) }];
  });
}

function operationOf(object: KubernetesObject, { path, value }: FieldChange): PatchOperation {
  const exists = valueAt(object, ...path) !== undefined;
  if (value === undefined) return { op: 'remove', path: pointer(path) };
  if (exists) return { op: 'replace', path: pointer(path), value };
  // A patch makes no parents: the first one that is missing is added with all below it.
  const depth = path.findIndex((_, index) => valueAt(object, ...path.slice(0, index + 1)) === undefined);
  const missing = path.slice(0, depth + 1);
  return { op: 'add', path: pointer(missing), value: withValue(undefined, path.slice(depth + 1), value) };
}

/** The edit as a JSON patch (RFC 6902) that fails where the object is another one by now, or its lists have changed. */
export function patchOf({ object, changes }: Edit): readonly PatchOperation[] {
  const { uid } = object.metadata;
  const tests = new Map(changes.flatMap(({ path }) => sameItems(object, path)).map((test) => [test.path, test]));
  return [
    ...(uid === undefined ? [] : [{ op: 'test', path: '/metadata/uid', value: uid } as const]),
    ...tests.values(),
    ...changes.map((change) => operationOf(object, change)),
  ];
}
