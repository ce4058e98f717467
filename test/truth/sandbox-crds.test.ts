import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { entriesAt, type KubernetesObject, listAt, textAt, valueAt } from '../../src/kubernetes.ts';
import { dynamoCrds } from '../../src/sandbox/crds/dynamo.ts';
import { kuberayCrds } from '../../src/sandbox/crds/kuberay.ts';
import { truthFolder } from '../support/truth.ts';

const files = (folder: string, group: string, crds: readonly KubernetesObject[]) =>
  crds.map((crd) => {
    const plural = textAt(crd, 'spec', 'names', 'plural');
    return { crd, real: parse(readFileSync(truthFolder('crds', folder, `${group}_${plural}.yaml`), 'utf8')) };
  });

const pairs = [
  ...files('dynamo-2026-08', 'nvidia.com', dynamoCrds('1.6.1')),
  ...files('dynamo-2026-04', 'nvidia.com', dynamoCrds('1.1.1')),
  ...files('kuberay-1.7.0', 'ray.io', kuberayCrds('1.7.0')),
  ...files('kuberay-1.6.2', 'ray.io', kuberayCrds('1.6.2')),
];

/** Everything in which a schema of ours says more than, or something else than, the real one. */
function differences(ours: unknown, real: unknown, path: string): string[] {
  if (real === undefined) return [`${path}: the real CRD has no such field`];
  const found: string[] = [];
  for (const key of ['type', 'x-kubernetes-int-or-string', 'x-kubernetes-list-type', 'default', 'pattern', 'minimum']) {
    const mine = valueAt(ours, key);
    if (mine !== undefined && mine !== valueAt(real, key)) {
      found.push(`${path}: ${key} is ${valueAt(real, key)}, not ${mine}`);
    }
  }
  const allowed = listAt(real, 'enum');
  for (const value of listAt(ours, 'enum')) {
    if (!allowed.includes(value)) found.push(`${path}: ${value} is not allowed`);
  }
  if (valueAt(ours, 'enum') !== undefined && allowed.length !== listAt(ours, 'enum').length) {
    found.push(`${path}: the real CRD allows ${allowed.join(', ')}`);
  }
  for (const field of listAt(ours, 'required')) {
    if (!listAt(real, 'required').includes(field)) found.push(`${path}.${field}: is not required`);
  }
  for (const [name, schema] of entriesAt(ours, 'properties')) {
    found.push(...differences(schema, valueAt(real, 'properties', name), `${path}.${name}`));
  }
  for (const key of ['items', 'additionalProperties'] as const) {
    if (valueAt(ours, key) !== undefined) {
      found.push(...differences(valueAt(ours, key), valueAt(real, key), `${path}[]`));
    }
  }
  return found;
}

describe('the short CRDs of the sandbox', () => {
  it.each(pairs.map(({ crd, real }) => ({ name: `${crd.metadata.name} of ${textAt(real, 'kind')}`, crd, real })))(
    '$name have the names of the real ones',
    ({ crd, real }) => {
      expect(crd.metadata.name).toBe(textAt(real, 'metadata', 'name'));
      expect(valueAt(crd, 'spec', 'names', 'kind')).toBe(valueAt(real, 'spec', 'names', 'kind'));
      expect(valueAt(crd, 'spec', 'names', 'plural')).toBe(valueAt(real, 'spec', 'names', 'plural'));
      expect(valueAt(crd, 'spec', 'scope')).toBe(valueAt(real, 'spec', 'scope'));
    },
  );

  it.each(
    pairs.flatMap(({ crd, real }) =>
      listAt(crd, 'spec', 'versions').map((version) => ({
        name: `${crd.metadata.name} ${textAt(version, 'name')}`,
        version,
        real,
      })),
    ),
  )('$name: every field exists in the real CRD with the same type', ({ version, real }) => {
    const same = listAt(real, 'spec', 'versions').find((other) => textAt(other, 'name') === textAt(version, 'name'));
    expect(valueAt(same, 'storage')).toBe(true);
    expect(Object.keys(valueAt(same, 'subresources') ?? {}).sort()).toEqual(
      Object.keys(valueAt(version, 'subresources') ?? {}).sort(),
    );
    expect(
      differences(valueAt(version, 'schema', 'openAPIV3Schema'), valueAt(same, 'schema', 'openAPIV3Schema'), ''),
    ).toEqual([]);
  });

  it('a field that is made up would be found', () => {
    const real = { type: 'object', properties: { replicas: { type: 'integer' } } };
    expect(
      differences({ type: 'object', properties: { replicas: { type: 'string' }, wish: {} } }, real, 'spec'),
    ).toHaveLength(2);
  });
});
