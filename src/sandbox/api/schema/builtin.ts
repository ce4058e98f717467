import { defaults } from './defaults.ts';
import { Types } from './notation.ts';
import type { Schema } from './schema.ts';
import { cluster } from './types/cluster.ts';
import { core } from './types/core.ts';
import { metadata } from './types/metadata.ts';
import { pods } from './types/pods.ts';
import { volumes } from './types/volumes.ts';
import { workloads } from './types/workloads.ts';

/** The types of the built-in kinds, as Kubernetes 1.35 has them. */
export const types = new Types([metadata, volumes, pods, workloads, core, cluster], defaults);

/** Kinds whose type has another name, because two groups share it. */
const renamed: { readonly [kind: string]: string } = { 'events.k8s.io/v1/Event': 'EventsEvent' };

/** The schema of a built-in kind; undefined for those that are free (definitions, reviews). */
export function builtinSchema(apiVersion: string, kind: string): Schema | undefined {
  const name = renamed[`${apiVersion}/${kind}`] ?? kind;
  return types.has(name) ? types.get(name) : undefined;
}

const objectMeta: Schema = types.get('ObjectMeta');

/** What every object has at its top. */
export const envelope: { readonly [field: string]: Schema } = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: objectMeta,
};
