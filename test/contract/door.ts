import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { openCluster } from '../../src/cluster/open.ts';
import { FoundryError } from '../../src/errors.ts';
import { textAt } from '../../src/kubernetes.ts';
import { allowOnly, createNamespace, rule, soon } from './fixtures.ts';
import type { World } from './world.ts';

const configMaps = { group: '', kind: 'ConfigMap' };

const configMap = (namespace: string, name: string, data: Readonly<Record<string, unknown>> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, labels: { 'test-of': namespace } },
  data,
});

/** What the cluster door promises, kept by every API server that it is opened to. */
export function describeDoor(world: () => World): void {
  describe('the cluster door', () => {
    test('reads the version and what is served, and finds a kind by its name', async () => {
      const { admin } = world();
      expect(await admin.version()).toMatch(/^v1\.\d+\.\d+/);
      expect(await admin.resource({ group: 'apps', kind: 'Deployment' })).toMatchObject({
        version: 'v1',
        plural: 'deployments',
        namespaced: true,
      });
      expect(await admin.resource({ group: 'nowhere.example', kind: 'Nothing' })).toBeUndefined();
      await expect(admin.list({ group: 'nowhere.example', kind: 'Nothing' })).rejects.toMatchObject({
        code: 'NOT_FOUND',
        details: { served: false },
      });
    });

    test('applies, tells other owners of a field by name, and takes a field only when asked to', async () => {
      const { admin } = world();
      const namespace = await createNamespace(world());
      const at = { namespace, name: 'settings' };
      const wanted = (value: string) => configMap(namespace, 'settings', { value });
      expect(await admin.get(configMaps, at)).toBeUndefined();
      const tried = await admin.apply(wanted('dry'), { dryRun: true });
      // What a dry-run would create is told apart from what it would change by this.
      expect(tried.metadata.resourceVersion).toBeUndefined();
      expect(await admin.get(configMaps, at)).toBeUndefined();
      await admin.apply(wanted('one'), { fieldManager: 'first' });
      const before = await admin.get(configMaps, at);
      const again = await admin.apply(wanted('one'), { fieldManager: 'first' });
      expect(again.metadata.resourceVersion).toBe(before?.metadata.resourceVersion);

      const conflict = await problem(admin.apply(wanted('two'), { fieldManager: 'second' }));
      expect(conflict.code).toBe('CONFLICT');
      expect(conflict.details.conflicts).toEqual([{ manager: 'first', fields: ['.data.value'] }]);
      const taken = await admin.apply(wanted('two'), { fieldManager: 'second', force: true });
      expect(textAt(taken, 'data', 'value')).toBe('two');
    });

    test('applies to an object as it stood, or to none: what came or changed meanwhile is not overwritten', async () => {
      const { admin } = world();
      const namespace = await createNamespace(world());
      const wanted = (value: string) => configMap(namespace, 'settings', { value });
      const values = ['one', 'two', 'three'];
      const outcomes = await Promise.all(
        values.map((value) => problem(admin.apply(wanted(value), { onlyIf: 'absent' })).catch(() => undefined)),
      );
      const refusals = outcomes.filter((refusal) => refusal !== undefined);
      expect(refusals).toHaveLength(2);
      for (const { code, details } of refusals) {
        expect({ code, ...details }).toMatchObject({ code: 'CONFLICT', changedMeanwhile: true });
      }
      const created = await admin.get(configMaps, { namespace, name: 'settings' });
      expect(created).toMatchObject({ metadata: { managedFields: [{ operation: 'Apply' }] } });
      const onlyIf = { resourceVersion: created?.metadata.resourceVersion ?? '' };
      expect((await admin.apply(wanted('four'), { onlyIf, dryRun: true })).data).toEqual({ value: 'four' });
      expect((await admin.apply(wanted('five'), { onlyIf })).data).toEqual({ value: 'five' });
      const late = await problem(admin.apply(wanted('six'), { onlyIf }));
      expect({ code: late.code, ...late.details }).toMatchObject({ code: 'CONFLICT', changedMeanwhile: true });
    });

    test('patches by merging or by operations that hold, and deletes only the object that was meant', async () => {
      const { admin } = world();
      const namespace = await createNamespace(world());
      const at = { namespace, name: 'settings' };
      await admin.create(configMap(namespace, 'settings', { value: 'one' }));
      expect((await problem(admin.create(configMap(namespace, 'settings')))).code).toBe('ALREADY_EXISTS');
      const merged = await admin.patch(configMaps, at, { data: { value: null, other: 'two' } });
      expect(merged.data).toEqual({ other: 'two' });
      const guarded = (value: string) => [
        { op: 'test', path: '/data/other', value },
        { op: 'add', path: '/metadata/labels/example.com~1part', value: 'three' },
      ];
      expect((await problem(admin.patch(configMaps, at, guarded('one')))).code).toBe('CONFLICT');
      const patched = await admin.patch(configMaps, at, guarded('two'));
      expect(patched.metadata.labels).toMatchObject({ 'example.com/part': 'three', 'test-of': namespace });
      const uid = '00000000-0000-0000-0000-000000000000';
      expect((await problem(admin.delete(configMaps, at, { uid }))).code).toBe('CONFLICT');
      expect(await admin.delete(configMaps, at, { dryRun: true })).toBe(true);
      expect(await admin.delete(configMaps, at, { uid: patched.metadata.uid })).toBe(true);
      expect(await admin.delete(configMaps, at)).toBe(false);
    });

    test('REJECTED: an unknown field and a wrong type are told in the words of the server', async () => {
      const { admin } = world();
      const namespace = await createNamespace(world());
      const unknown = { ...configMap(namespace, 'settings'), nonsense: true };
      const rejected = await problem(admin.apply(unknown));
      expect(rejected.code).toBe('REJECTED');
      expect(rejected.message).toContain('.nonsense: field not declared in schema');
      expect((await problem(admin.apply(configMap(namespace, 'settings', { value: 1 })))).code).toBe('REJECTED');
    });

    test('NOT_FOUND: a namespace that is missing is named, with the command that makes it', async () => {
      const missing = await problem(world().admin.apply(configMap('nowhere', 'settings')));
      expect(missing.code).toBe('NOT_FOUND');
      expect(missing.hint).toContain('kubectl create namespace nowhere');
    });

    test('lists page by page, in order, with apiVersion and kind on each item', async () => {
      const { admin } = world();
      const namespace = await createNamespace(world());
      const names = Array.from({ length: 7 }, (_, index) => `item-${index}`);
      for (const name of names) await admin.apply(configMap(namespace, name));
      const labelSelector = `test-of=${namespace}`;
      for (const options of [{ namespace }, {}]) {
        const items = await admin.list(configMaps, { ...options, labelSelector, pageSize: 3 });
        expect(items.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`)).toEqual(
          names.map((name) => `v1 ConfigMap ${name}`),
        );
      }
    });

    test('a live list follows what happens, over a restart of the server too', async () => {
      const { admin } = world();
      const namespace = await createNamespace(world());
      const door = await openAs(world().kubeconfig);
      const list = door.live(configMaps, { namespace, labelSelector: `test-of=${namespace}` }, (object) => {
        return `${object.metadata.name}=${textAt(object, 'data', 'value')}`;
      });
      onTestFinished(list.subscribe(() => {}));
      const holds = (...items: string[]) =>
        expect.poll(() => [list.snapshot().state, ...list.snapshot().items], soon).toEqual(['live', ...items]);
      await holds();
      await admin.apply(configMap(namespace, 'a', { value: '1' }));
      await admin.apply(configMap(namespace, 'b', { value: '1' }));
      await holds('a=1', 'b=1');
      await world().restart();
      await admin.apply(configMap(namespace, 'a', { value: '2' }));
      await admin.delete(configMaps, { namespace, name: 'b' });
      await holds('a=2');
    });

    test('logs and answers that nobody can give are told: of no pod, of a pod without a node, of a Service without endpoints', async () => {
      const { admin } = world();
      const namespace = await createNamespace(world());
      const door = await openAs(world().kubeconfig);
      const containers = [{ name: 'main', image: 'registry.example.com/main:1' }];
      const spec = {
        nodeSelector: { 'example.com/no-such-node': 'true' },
        serviceAccountName: 'placeless',
        automountServiceAccountToken: false,
        containers,
      };
      await admin.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name: 'placeless' } });
      await admin.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name: 'placeless' }, spec });
      const idle = { selector: { app: 'nobody' }, ports: [{ name: 'http', port: 80 }] };
      await admin.apply({ apiVersion: 'v1', kind: 'Service', metadata: { namespace, name: 'idle' }, spec: idle });

      expect(await door.logs({ namespace, pod: 'placeless' })).toBe('');
      const missing = await problem(door.logs({ namespace, pod: 'nobody' }));
      expect(missing).toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining(`pods/log nobody in namespace ${namespace}`),
      });
      const target = { type: 'service', namespace, name: 'idle', port: 80 } as const;
      // The API server looks a Service up in what it watches, where a new one is a moment later.
      const answer = await vi.waitFor(() => door.proxy(target, { method: 'GET', path: '/metrics' }), soon);
      expect(answer).toMatchObject({
        status: 503,
        body: expect.stringContaining('no endpoints available for service'),
      });
      const unplaced = await problem(
        door.proxy({ type: 'pod', namespace, name: 'placeless', port: 80 }, { method: 'GET', path: '/metrics' }),
      );
      expect(unplaced.message).toContain('address not allowed');
    });

    test('FORBIDDEN: what we may not do is told with verb, resource and namespace, and access() says it before', async () => {
      const namespace = await createNamespace(world());
      const kubeconfig = await allowOnly(world(), namespace, { there: [rule('', 'configmaps', 'get')] });
      const door = await openAs(kubeconfig);
      const question = { group: '', plural: 'configmaps', namespace };
      expect(await door.access({ ...question, verb: 'get' })).toMatchObject({ allowed: true });
      expect(await door.access({ ...question, verb: 'list' })).toMatchObject({ allowed: false });
      expect(await door.get(configMaps, { namespace, name: 'settings' })).toBeUndefined();
      const forbidden = await problem(door.list(configMaps, { namespace }));
      expect(forbidden.code).toBe('FORBIDDEN');
      expect(forbidden.message).toContain(`Cannot list configmaps in namespace ${namespace}`);
      expect(forbidden.details).toMatchObject({ verb: 'list', resource: 'configmaps', namespace });
    });
  });
}

async function openAs(kubeconfig: string): Promise<Cluster> {
  const door = await openCluster({ kubeconfig: [kubeconfig] });
  onTestFinished(() => door.close());
  return door;
}

async function problem(call: Promise<unknown>): Promise<FoundryError> {
  const error: unknown = await call.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  );
  if (error instanceof FoundryError) return error;
  throw error;
}
