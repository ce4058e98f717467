import type { Cluster } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import { booleanAt, conditionOf, entriesAt, type KubernetesObject, listAt, textAt } from '../kubernetes.ts';
import type { CrdFact } from '../providers/provider.ts';

const definitions = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };

/**
 * One CRD; undefined when there is none of that name. Where CRDs may not be read, what `discovered` tells of it.
 *
 * @throws FoundryError for every other failure
 */
export async function readCrd(
  cluster: Cluster,
  name: string,
  discovered: CrdFact | undefined,
  signal: AbortSignal,
): Promise<CrdFact | undefined> {
  try {
    const definition = await cluster.get(definitions, { name }, { signal });
    return definition && decodeCrd(definition);
  } catch (error) {
    if (error instanceof FoundryError && error.code === 'FORBIDDEN') return discovered;
    throw error;
  }
}

/** What discovery alone tells of the CRD `<plural>.<group>`. */
export async function discoverCrd(cluster: Cluster, name: string, signal: AbortSignal): Promise<CrdFact | undefined> {
  const [plural = '', ...rest] = name.split('.');
  const group = rest.join('.');
  const resources = await cluster.resources({ signal });
  const versions = resources.filter((resource) => resource.group === group && resource.plural === plural);
  const kind = versions[0]?.kind;
  if (kind === undefined) return undefined;
  return { name, group, plural, kind, served: versions.map(({ version }) => version) };
}

function decodeCrd(definition: KubernetesObject): CrdFact {
  const versions = listAt(definition, 'spec', 'versions').flatMap((version) => {
    const name = textAt(version, 'name');
    return name === undefined ? [] : [{ name, version }];
  });
  const served = versions.filter(({ version }) => booleanAt(version, 'served') !== false);
  const fields = served.map(({ name, version }) => [
    name,
    entriesAt(version, 'schema', 'openAPIV3Schema', 'properties', 'spec', 'properties').map(([field]) => field),
  ]);
  const conversion = textAt(definition, 'spec', 'conversion', 'strategy');
  const authority = textAt(definition, 'spec', 'conversion', 'webhook', 'clientConfig', 'caBundle');
  return {
    name: definition.metadata.name,
    group: textAt(definition, 'spec', 'group') ?? '',
    plural: textAt(definition, 'spec', 'names', 'plural') ?? '',
    kind: textAt(definition, 'spec', 'names', 'kind') ?? '',
    served: served.map(({ name }) => name),
    storage: versions.find(({ version }) => booleanAt(version, 'storage') === true)?.name,
    established: conditionOf(definition, 'Established')?.status === 'True',
    conversion: conversion === 'Webhook' ? 'Webhook' : 'None',
    conversionCa: authority !== undefined && authority !== '',
    annotations: definition.metadata.annotations ?? {},
    specFields: Object.fromEntries(fields),
  };
}
