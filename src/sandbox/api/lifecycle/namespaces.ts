import { randomUUID } from 'node:crypto';
import type { Api } from '../call.ts';
import { at, equal, isText, type JsonObject, listOr, objectOr } from '../objects/json.ts';
import { type ApiObject, timestamp } from '../objects/object.ts';
import { remove } from '../writes/delete.ts';

const bundleWords =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** What kube-controller-manager does for namespaces: gives new ones their basics, and empties those that go. */
export function keepNamespaces(api: Api, ca: string): void {
  const { store, registry } = api;

  const furnish = (name: string): void => {
    const metadata = (own: string) => ({
      name: own,
      namespace: name,
      uid: randomUUID(),
      creationTimestamp: timestamp(),
    });
    if (store.get('serviceaccounts', name, 'default') === undefined) {
      store.put('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata('default') });
    }
    if (store.get('configmaps', name, 'kube-root-ca.crt') === undefined) {
      store.put('configmaps', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { ...metadata('kube-root-ca.crt'), annotations: { 'kubernetes.io/description': bundleWords } },
        data: { 'ca.crt': ca },
      });
    }
  };

  const contents = (name: string): readonly { table: string; object: ApiObject }[] =>
    store.tables().flatMap((table) => store.list(table, name).map((object) => ({ table, object })));

  const empty = (name: string): void => {
    const namespace = store.get('namespaces', undefined, name);
    if (namespace?.metadata.deletionTimestamp === undefined) return;
    for (const { table, object } of contents(name)) {
      const resource = registry.ofTable(table);
      if (resource === undefined || object.metadata.deletionTimestamp !== undefined) continue;
      remove({ api, resource }, object, { propagation: 'Background' });
    }
    const left = contents(name);
    if (left.length > 0) {
      const conditions = remaining(left);
      const known = listOr(at(namespace, 'status', 'conditions')).map((condition) => at(condition, 'message') ?? null);
      if (
        !equal(
          known,
          conditions.map(({ message }) => message ?? null),
        )
      ) {
        store.put('namespaces', { ...namespace, status: { phase: 'Terminating', conditions } });
      }
      return;
    }
    const finalizers = listOr(at(namespace, 'spec', 'finalizers')).filter((finalizer) => finalizer !== 'kubernetes');
    const last = { ...namespace, spec: { ...objectOr(namespace.spec), finalizers } };
    if (finalizers.length === 0 && (namespace.metadata.finalizers ?? []).length === 0) store.remove('namespaces', last);
    else if (!equal(last, namespace)) store.put('namespaces', last);
  };

  store.subscribe('*', ({ type, table, object }) => {
    const { name, namespace } = object.metadata;
    if (table === 'namespaces') {
      if (type === 'ADDED') setImmediate(furnish, name);
      else if (type === 'MODIFIED') setImmediate(empty, name);
    } else if (type === 'DELETED' && namespace !== undefined) {
      setImmediate(empty, namespace);
    }
  });
  for (const { metadata } of store.list('namespaces')) furnish(metadata.name);
}

/** Why a namespace is still there, in the words of the namespace controller. */
function remaining(left: readonly { table: string; object: ApiObject }[]): readonly JsonObject[] {
  const lastTransitionTime = timestamp();
  const counted = (keys: readonly string[]): readonly (readonly [string, number])[] =>
    [...Map.groupBy(keys, (key) => key)].map(([key, all]) => [key, all.length] as const).sort();
  const resources = counted(left.map(({ table }) => (table.includes('.') ? table : `${table}.`)));
  const finalizers = counted(left.flatMap(({ object }) => [...(object.metadata.finalizers ?? [])].filter(isText)));
  const conditions: JsonObject[] = [
    {
      type: 'NamespaceContentRemaining',
      status: 'True',
      lastTransitionTime,
      reason: 'SomeResourcesRemain',
      message: `Some resources are remaining: ${resources.map(([table, count]) => `${table} has ${count} resource instances`).join(', ')}`,
    },
  ];
  if (finalizers.length > 0) {
    conditions.push({
      type: 'NamespaceFinalizersRemaining',
      status: 'True',
      lastTransitionTime,
      reason: 'SomeFinalizersRemain',
      message: `Some content in the namespace has finalizers remaining: ${finalizers.map(([name, count]) => `${name} in ${count} resource instances`).join(', ')}`,
    });
  }
  return conditions;
}
