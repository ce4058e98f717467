import type { Schema } from '../schema/schema.ts';
import { qualified } from './status.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** One version of a resource, as it is served. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
  /** The table that keeps its objects; the versions of a resource share one. */
  readonly table: string;
  /** The apiVersion in which its objects are kept. */
  readonly storedAs: string;
  /** Whether a CustomResourceDefinition defines it. */
  readonly custom: boolean;
  readonly schema?: Schema;
  readonly columns?: readonly Column[];
  readonly scale?: ScalePaths;
}

export const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group === '' ? version : `${group}/${version}`;

/** The name of the table of a resource, which is also the name of its CustomResourceDefinition. */
export const tableOf = qualified;

export const readVerbs = ['get', 'list', 'watch'] as const;
export const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const;
