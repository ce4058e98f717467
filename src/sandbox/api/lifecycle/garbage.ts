import type { Api } from '../call.ts';
import { type ApiObject, withMetadata } from '../objects/object.ts';
import type { Change } from '../objects/store.ts';
import { remove } from '../writes/delete.ts';
import { isOver } from '../writes/write.ts';

interface Place {
  readonly table: string;
  readonly object: ApiObject;
}

/** The garbage collector of kube-controller-manager: dependents go with their owners, or stay where they are orphaned. */
export function collectGarbage(api: Api): void {
  const { store, registry } = api;
  /** Every object that has an owner, under the uid of the owner and then its own. */
  const dependents = new Map<string, Map<string, Place>>();
  const alive = new Set<string>();

  const dependentsOf = (uid: string): readonly Place[] =>
    [...(dependents.get(uid)?.values() ?? [])].flatMap(({ table, object }) => {
      const now = store.get(table, object.metadata.namespace, object.metadata.name);
      return now !== undefined && now.metadata.uid === object.metadata.uid ? [{ table, object: now }] : [];
    });

  const index = ({ type, table, object, previous }: Change): void => {
    const uid = object.metadata.uid ?? '';
    if (type === 'DELETED') alive.delete(uid);
    else alive.add(uid);
    for (const owner of previous?.metadata.ownerReferences ?? []) dependents.get(owner.uid)?.delete(uid);
    if (type === 'DELETED') return;
    for (const owner of object.metadata.ownerReferences ?? []) {
      const known = dependents.get(owner.uid) ?? new Map<string, Place>();
      known.set(uid, { table, object });
      dependents.set(owner.uid, known);
    }
  };

  const disown = ({ table, object }: Place, gone: (uid: string) => boolean): void => {
    const left = (object.metadata.ownerReferences ?? []).filter((owner) => !gone(owner.uid));
    store.put(table, withMetadata(object, { ownerReferences: left.length === 0 ? undefined : left }));
  };

  const collect = (place: Place, propagation: 'Background' | 'Foreground'): void => {
    const resource = registry.ofTable(place.table);
    if (resource === undefined || place.object.metadata.deletionTimestamp !== undefined) return;
    remove({ api, resource }, place.object, { propagation });
  };

  /** Removes what has owners but no living one; forgets dead owners beside living ones. */
  const examine = (uid: string, place: Place): void => {
    const owners = place.object.metadata.ownerReferences ?? [];
    const absent = owners.filter((owner) => !alive.has(owner.uid));
    if (owners.length === 0 || absent.length === 0) return;
    if (absent.length < owners.length) disown(place, (owner) => owner === uid || !alive.has(owner));
    else collect(place, 'Background');
  };

  const release = (table: string, object: ApiObject, finalizer: string): void => {
    const finalizers = (object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
    const next = withMetadata(object, { finalizers: finalizers.length === 0 ? undefined : finalizers });
    if (isOver(next)) store.remove(table, next);
    else store.put(table, next);
  };

  const react = ({ type, table, object, previous }: Change): void => {
    const uid = object.metadata.uid ?? '';
    const now = store.get(table, object.metadata.namespace, object.metadata.name);
    if (type === 'DELETED') {
      for (const place of dependentsOf(uid)) examine(uid, place);
      for (const owner of previous?.metadata.ownerReferences ?? []) finishForeground(owner.uid);
      return;
    }
    if (now === undefined || now.metadata.uid !== uid) return;
    const { finalizers = [], deletionTimestamp } = now.metadata;
    if (deletionTimestamp === undefined) {
      examine('', { table, object: now });
      return;
    }
    if (finalizers.includes('orphan')) {
      for (const place of dependentsOf(uid)) disown(place, (owner) => owner === uid);
      release(table, now, 'orphan');
    } else if (finalizers.includes('foregroundDeletion')) {
      waiting.set(uid, { table, object: now });
      for (const place of dependentsOf(uid)) collect(place, 'Foreground');
      finishForeground(uid);
    }
  };

  /** Owners that wait for their dependents to go first. */
  const waiting = new Map<string, Place>();

  const finishForeground = (uid: string): void => {
    const place = waiting.get(uid);
    if (place === undefined) return;
    const blocks = dependentsOf(uid).some(({ object }) =>
      (object.metadata.ownerReferences ?? []).some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
    );
    if (blocks) return;
    waiting.delete(uid);
    const now = store.get(place.table, place.object.metadata.namespace, place.object.metadata.name);
    if (now?.metadata.uid === uid) release(place.table, now, 'foregroundDeletion');
  };

  store.subscribe('*', (change) => {
    index(change);
    setImmediate(react, change);
  });
}
