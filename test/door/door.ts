import { test as base } from 'vitest';
import type { Cluster, ClusterOptions, LiveList, LiveSnapshot } from '../../src/cluster/cluster.ts';
import { openCluster } from '../../src/cluster/open.ts';
import { FoundryError } from '../../src/errors.ts';
import { type ScriptedApi, startScriptedApi } from '../support/scripted-api.ts';

export const configMaps = { group: '', kind: 'ConfigMap' };
export const rayServices = { group: 'ray.io', kind: 'RayService' };
export const listPath = 'GET /api/v1/configmaps';
export const objectPath = 'GET /api/v1/namespaces/default/configmaps/settings';
export const settings = { namespace: 'default', name: 'settings' };

export function configMap(name: string, resourceVersion: string, value = '', uid = `uid-${name}`) {
  const metadata = { name, namespace: 'default', uid, resourceVersion };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value } };
}

export type OpenDoor = (
  options?: ClusterOptions,
  entries?: Parameters<ScriptedApi['kubeconfig']>[0],
) => Promise<{ api: ScriptedApi; cluster: Cluster }>;

/** Tests with `openDoor`: a scripted server and a door to it; both end with the test. */
export const test = base.extend<{ openDoor: OpenDoor }>({
  openDoor: async ({ onTestFinished }, use) => {
    await use(async (options = {}, entries) => {
      const api = await startScriptedApi();
      const cluster = await openCluster({ kubeconfig: [await api.kubeconfig(entries)], ...options });
      onTestFinished(async () => {
        cluster.close();
        await api[Symbol.asyncDispose]();
      });
      return { api, cluster };
    });
  },
});

/** What a call throws, which must be a FoundryError. */
export async function problemOf(call: Promise<unknown>): Promise<FoundryError> {
  const error: unknown = await call.then(
    (value) => new Error(`answered with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof FoundryError) return error;
  throw error;
}

/** Resolves with the first snapshot for which `holds`. The list must have a subscriber. */
export function until<Item>(
  list: LiveList<Item>,
  holds: (snapshot: LiveSnapshot<Item>) => boolean,
): Promise<LiveSnapshot<Item>> {
  return new Promise((resolve) => {
    const look = () => {
      const snapshot = list.snapshot();
      if (!holds(snapshot)) return;
      resolve(snapshot);
      queueMicrotask(stop);
    };
    const stop = list.subscribe(look);
    look();
  });
}
