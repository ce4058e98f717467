import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import type { ApiServer } from './control-plane.ts';
import { type Access, request, requestOk } from './request.ts';
import { waitUntil } from './wait.ts';

const servedSeconds = 60;
const collection = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const aggregatedDiscovery = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const crdSchema = z.looseObject({
  kind: z.literal('CustomResourceDefinition'),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ plural: z.string() }),
    versions: z.array(z.looseObject({ name: z.string(), served: z.boolean() })),
  }),
  status: z.looseObject({ conditions: z.array(z.unknown()).optional() }).optional(),
});
type Crd = z.infer<typeof crdSchema>;

const discoverySchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().optional() }),
      versions: z.array(
        z.object({ version: z.string(), resources: z.array(z.object({ resource: z.string() })).default([]) }),
      ),
    }),
  ),
});

interface CrdOptions {
  /** Takes a CRD's conversion webhook away, for want of an operator that would answer it. */
  readonly conversion?: 'None';
  /** Leaves those alone that are there, as helm does. */
  readonly missingOnly?: boolean;
}

/**
 * Applies every CustomResourceDefinition of a folder's `.yaml` files on the server's side, and waits until each is
 * Established, in discovery and served, in all its served versions.
 *
 * @returns the names of the CRDs, `<plural>.<group>`
 * @throws Error with the server's words when it refuses one, or with a CRD's conditions when it is not served in 60 s
 */
export async function applyCrds(
  { server, ca, tokenFor }: ApiServer,
  folder: string,
  { conversion, missingOnly }: CrdOptions = {},
): Promise<string[]> {
  const access: Access = { server, ca, token: tokenFor('admin') };
  const crds = await readCrds(folder);
  const present = missingOnly === true ? await presentCrds(access) : [];
  for (const crd of crds.filter(({ metadata }) => !present.includes(metadata.name))) {
    const body = conversion ? { ...crd, spec: { ...crd.spec, conversion: { strategy: conversion } } } : crd;
    await requestOk(access, {
      method: 'PATCH',
      path: `${collection}/${crd.metadata.name}?fieldManager=cluster-tests&force=true`,
      contentType: 'application/apply-patch+yaml',
      body,
    });
  }
  for (const crd of crds) await waitUntilServed(access, crd);
  return crds.map((crd) => crd.metadata.name);
}

// Go writes an empty list as null.
const namesSchema = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })).nullable() });

/** Names alone: the CRDs themselves are megabytes. */
async function presentCrds(access: Access): Promise<readonly string[]> {
  const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
  const { items } = namesSchema.parse(JSON.parse(await requestOk(access, { path: collection, accept })));
  return (items ?? []).map(({ metadata }) => metadata.name);
}

/** Three megabytes of YAML take seconds to read, and every cluster of a test file wants the same. */
const foldersRead = new Map<string, Promise<Crd[]>>();

function readCrds(folder: string): Promise<Crd[]> {
  const known = foldersRead.get(folder) ?? readFolder(folder);
  foldersRead.set(folder, known);
  return known;
}

async function readFolder(folder: string): Promise<Crd[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort();
  if (files.length === 0) throw new Error(`No .yaml files in ${folder}.`);
  return Promise.all(files.map(async (file) => crdSchema.parse(parse(await readFile(join(folder, file), 'utf8')))));
}

async function waitUntilServed(access: Access, crd: Crd): Promise<void> {
  const { name } = crd.metadata;
  try {
    await waitUntil(`${name} to be served`, servedSeconds, () => isServed(access, crd));
  } catch (error) {
    const { status } = crdSchema.parse(JSON.parse(await requestOk(access, { path: `${collection}/${name}` })));
    throw new Error(`${name} is not served. Its conditions: ${JSON.stringify(status?.conditions)}`, { cause: error });
  }
}

/** Discovery holds Established CRDs only, and costs a small part of what reading a CRD of a megabyte does. */
async function isServed(access: Access, { spec: { group, names, versions } }: Crd): Promise<boolean> {
  const answer = await requestOk(access, { path: '/apis', accept: aggregatedDiscovery });
  const found = discoverySchema.parse(JSON.parse(answer)).items.find((item) => item.metadata.name === group);
  for (const { name } of versions.filter((version) => version.served)) {
    const resources = found?.versions.find((known) => known.version === name)?.resources ?? [];
    if (!resources.some(({ resource }) => resource === names.plural)) return false;
    const list = await request(access, { path: `/apis/${group}/${name}/${names.plural}?limit=1` });
    if (list.status !== 200) return false;
  }
  return true;
}
