import type { Identities, Identity } from './access/authentication.ts';
import type { Registry } from './objects/registry.ts';
import type { ServedResource } from './objects/resource.ts';
import type { Store } from './objects/store.ts';
import type { Backend } from './subresources/backend.ts';

/** The parts of the server that operations work on. */
export interface Api {
  readonly store: Store;
  readonly registry: Registry;
  readonly identities: Identities;
  readonly backend: Backend;
}

/** One authorized request on a resource. */
export interface Call {
  readonly api: Api;
  readonly resource: ServedResource;
  readonly verb: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  readonly query: URLSearchParams;
  readonly user: Identity;
  readonly userAgent: string;
  /** Sent to the client as `Warning` headers. */
  readonly warnings: string[];
}

export const isDryRun = ({ query }: Call): boolean => query.getAll('dryRun').includes('All');
