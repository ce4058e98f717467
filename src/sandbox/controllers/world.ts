import type { Cluster, ResourceName } from '../../cluster/cluster.ts';
import { FoundryError } from '../../errors.ts';
import { groupOf, type KubernetesObject } from '../../kubernetes.ts';
import type { Clock } from '../clock.ts';
import type { Failures } from '../failures.ts';
import type { Random } from '../random.ts';
import { type Cache, createCache } from './cache.ts';
import { mergePatch } from './objects.ts';

/** What controllers share: one cluster, its caches, one clock. Every write shows in the caches at once. */
export interface World {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly random: Random;
  readonly failures: Failures;
  cache(name: ResourceName): Cache;
  /** Creates the object; undefined when one of that name exists. */
  create(object: KubernetesObject, manager: string): Promise<KubernetesObject | undefined>;
  /** Merge-patches the object as it is now, or its subresource. */
  patch(object: KubernetesObject, patch: unknown, manager: string, subresource?: 'status'): Promise<KubernetesObject>;
  /** Makes the status what is wanted, where it differs. */
  setStatus(
    object: KubernetesObject,
    status: Readonly<Record<string, unknown>>,
    manager: string,
  ): Promise<KubernetesObject>;
  /** Deletes this very object, if it is still there. */
  remove(object: KubernetesObject, gracePeriodSeconds?: number): Promise<void>;
  /** Whether the caches hold just what the cluster holds now. */
  isCurrent(): Promise<boolean>;
}

/** The field manager of all controllers that kube-controller-manager is made of. */
export const controllerManager = 'kube-controller-manager';

export const nameOf = ({ apiVersion, kind }: KubernetesObject): ResourceName => ({
  group: groupOf(apiVersion),
  kind,
  version: apiVersion.slice(apiVersion.indexOf('/') + 1),
});

export function createWorld(parts: Pick<World, 'cluster' | 'clock' | 'random' | 'failures'>): World {
  const { cluster } = parts;
  const caches = new Map<string, Cache>();
  const cache = (name: ResourceName): Cache => {
    const key = `${name.kind}.${name.group}`;
    const found = caches.get(key) ?? createCache(cluster, { group: name.group, kind: name.kind });
    caches.set(key, found);
    return found;
  };
  const wrote = (object: KubernetesObject): KubernetesObject => {
    cache(nameOf(object)).wrote(object);
    return object;
  };
  const patch = async (object: KubernetesObject, body: unknown, manager: string, subresource?: 'status') =>
    wrote(await cluster.patch(nameOf(object), object.metadata, body, { fieldManager: manager, subresource }));
  return {
    ...parts,
    cache,
    async isCurrent() {
      const current = await Promise.all([...caches.values()].map((each) => each.isCurrent()));
      return current.every(Boolean);
    },
    async create(object, fieldManager) {
      try {
        return wrote(await cluster.create(object, { fieldManager }));
      } catch (error) {
        if (error instanceof FoundryError && error.code === 'ALREADY_EXISTS') return undefined;
        throw error;
      }
    },
    patch,
    async setStatus(object, status, manager) {
      const difference = mergePatch(object.status, status);
      return difference === undefined ? object : patch(object, { status: difference }, manager, 'status');
    },
    async remove(object, gracePeriodSeconds) {
      await cluster.delete(nameOf(object), object.metadata, {
        uid: object.metadata.uid,
        propagation: 'Background',
        ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      });
    },
  };
}
