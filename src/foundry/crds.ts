import type { Cluster } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import {
  booleanAt,
  conditionOf,
  entriesAt,
  type KubernetesObject,
  listAt,
  referenceTo,
  textAt,
} from '../kubernetes.ts';
import type { CrdFact } from '../providers/provider.ts';
import { plainLine } from './untrusted-text.ts';

const definitions = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };

/**
 * One CRD; undefined when there is none of that name. Where CRDs may not be read, what `discovered` tells of it. Unless
 * it is to be `fresh`, as the API server's memory has it; what discovery has seen and that memory has not is read anew.
 *
 * @throws FoundryError for every other failure
 */
export async function readCrd(
  cluster: Cluster,
  name: string,
  { discovered, fresh }: { readonly discovered: CrdFact | undefined; readonly fresh: boolean },
  signal: AbortSignal,
): Promise<CrdFact | undefined> {
  try {
    const read = (mayBeOld: boolean) => cluster.get(definitions, { name }, { signal, mayBeOld });
    const remembered = fresh ? undefined : await read(true);
    const definition = remembered ?? (fresh || discovered ? await read(false) : undefined);
    return definition && decodeCrd(definition);
  } catch (error) {
    if (error instanceof FoundryError && error.code === 'FORBIDDEN') return discovered;
    throw error;
  }
}

/** What discovery alone tells of the CRDs `<plural>.<group>`, those that are served. */
export async function discoverCrds(
  cluster: Cluster,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, CrdFact>> {
  const resources = await cluster.resources({ signal, fresh: true });
  const byName = Map.groupBy(resources, ({ plural, group }) => `${plural}.${group}`);
  const found = names.flatMap((name): (readonly [string, CrdFact])[] => {
    const versions = byName.get(name) ?? [];
    const [first] = versions;
    if (!first) return [];
    const { group, plural, kind } = first;
    return [[name, { name, group, plural, kind, served: versions.map(({ version }) => version) }]];
  });
  return new Map(found);
}

/**
 * Counts the objects of a primary's CRD, in a version that has to be converted where there is one: whether its
 * conversion webhook answers is seen in no other way. What may not be counted stays uncounted.
 */
export async function countObjects(
  cluster: Cluster,
  crd: CrdFact,
  readVersion: string | undefined,
  options: { readonly signal: AbortSignal; readonly deadline: number },
): Promise<CrdFact> {
  const converts = crd.conversion === 'Webhook' && crd.conversionCa === true;
  const version = (converts ? crd.served.find((one) => one !== crd.storage) : undefined) ?? readVersion;
  if (version === undefined) return crd;
  try {
    return { ...crd, objects: await cluster.count({ group: crd.group, kind: crd.kind, version }, options) };
  } catch (error) {
    if (!(error instanceof FoundryError)) throw error;
    const converted = converts && version !== crd.storage ? `${crd.group}/${version}` : undefined;
    const words = unconvertedBecause(error, converted, options);
    return words === undefined ? crd : { ...crd, unconverted: plainLine(words) };
  }
}

/** A CRD that is being deleted with the objects that hold it, in the version that needs no conversion. What may not be listed stays unknown. */
export async function withLeft(cluster: Cluster, crd: CrdFact, signal: AbortSignal): Promise<CrdFact> {
  const { group, kind, served, storage } = crd;
  const version = served.find((candidate) => candidate === storage) ?? served[0];
  if (!crd.deleting || version === undefined) return crd;
  try {
    const left = (await cluster.list({ group, kind, version }, { signal })).map(referenceTo);
    return { ...crd, left, objects: left.length };
  } catch (error) {
    if (error instanceof FoundryError) return crd;
    throw error;
  }
}

/** The same CRDs as facts with all that the CRD objects tell, where discovery alone told of them. */
export async function readWhole(
  cluster: Cluster,
  crds: readonly CrdFact[],
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly CrdFact[]> {
  const read = await Promise.all(
    crds.map(async (crd) => {
      if (crd.established !== undefined || !names.includes(crd.name)) return crd;
      const whole = await readCrd(cluster, crd.name, { discovered: crd, fresh: true }, signal);
      return whole && withLeft(cluster, whole, signal);
    }),
  );
  return read.filter((crd) => crd !== undefined);
}

/** The server waits for the webhook longer than anybody waits for the server, which has no words for it then. */
function unconvertedBecause(
  { code, message }: FoundryError,
  converted: string | undefined,
  { deadline }: { readonly deadline: number },
): string | undefined {
  if (code === 'TIMEOUT' && converted !== undefined)
    return `conversion webhook for ${converted} did not answer within ${deadline / 1000} s`;
  return /conversion webhook for .*/.exec(message)?.[0];
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
    deleting: definition.metadata.deletionTimestamp !== undefined,
    annotations: definition.metadata.annotations ?? {},
    specFields: Object.fromEntries(fields),
  };
}
