import { expect, test } from 'vitest';
import { packerOf, primaryPacker } from '../../src/foundry/packed.ts';
import { createRows } from '../../src/foundry/rows.ts';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import { kuberay } from '../../src/providers/kuberay/provider.ts';
import { head, now, pod, rayCluster, rayService } from '../providers/kuberay/fixtures.ts';

const packPrimary = primaryPacker();
const below = (object: KubernetesObject) => packerOf(kuberay, { group: '', kind: object.kind })(object);
const named = (name: string): KubernetesObject => {
  const service = rayService();
  return { ...service, metadata: { ...service.metadata, name, uid: `uid-${name}` }, status: undefined };
};
const nothing = { gone: [], come: [] };

/** Rows of one RayService that serves and of one that nothing belongs to. */
function twoRows() {
  const rows = createRows(kuberay);
  const served = packPrimary(rayService());
  const ready = below(pod('a'));
  rows.primaries({ gone: [], come: [served, packPrimary(named('other'))] });
  rows.belongings({ gone: [], come: [below(rayCluster()), below(head()), ready] });
  const judge = () => rows.judge(Number.POSITIVE_INFINITY, now);
  const phases = () => Object.fromEntries(rows.list().map(({ name, phase }) => [name, phase]));
  expect(judge()).toBe(true);
  return { rows, served, ready, judge, phases, name: rayService().metadata.name };
}

test('a change of one pod works out the row of its deployment anew and leaves the others', () => {
  const { rows, ready, judge, phases, name } = twoRows();
  expect(phases()[name]).toBe('Running');
  const before = rows.list();
  rows.belongings({
    gone: [ready],
    come: [below(pod('a', { restarts: 9, ready: false, waiting: { reason: 'CrashLoopBackOff' } }))],
  });
  judge();
  expect(phases()[name]).not.toBe('Running');
  const other = (list: typeof before) => list.find((row) => row.name === 'other');
  expect(other(rows.list())).toBe(other(before));
});

test('what comes out as before stays the same list of the same rows', () => {
  const { rows, served, ready, judge } = twoRows();
  const before = rows.list();
  rows.belongings({ gone: [ready], come: [below(pod('a'))] });
  rows.primaries({ gone: [served], come: [packPrimary(rayService())] });
  judge();
  expect(rows.list()).toBe(before);
});

test('a deployment that is gone takes its row with it, and comes back with what belongs to it', () => {
  const { rows, served, judge, phases, name } = twoRows();
  rows.primaries({ gone: [served], come: [] });
  judge();
  expect(Object.keys(phases())).toEqual(['other']);
  rows.primaries({ gone: [], come: [packPrimary(rayService())] });
  judge();
  expect(phases()[name]).toBe('Running');
});

test('what may not be read any more changes every row that follows from it', () => {
  const { rows, judge, name } = twoRows();
  const row = () => rows.list().find((each) => each.name === name);
  expect(row()?.replicas.ready).toBe(1);
  const refused = { query: { group: '', kind: 'Pod' }, code: 'FORBIDDEN', message: 'no' };
  rows.unread([refused]);
  judge();
  expect(row()?.replicas.ready).toBeNull();
});

test('work is done in slices: each gets on, and says whether something is left', () => {
  const rows = createRows(kuberay);
  rows.primaries({ gone: [], come: ['a', 'b', 'c'].map((name) => packPrimary(named(name))) });
  rows.belongings(nothing);
  const slices = [1, 2, 3].map(() => rows.judge(Number.NEGATIVE_INFINITY, now));
  expect(slices).toEqual([false, false, true]);
  expect(rows.list()).toHaveLength(3);
});

test('a provider is asked with the only primary, and with bare names of several, one in each namespace', () => {
  const rows = createRows(kuberay);
  const [a, b] = ['a', 'b'].map((name) => packPrimary(named(name)));
  if (!a || !b) throw new Error('nothing was packed');
  rows.primaries({ gone: [], come: [a] });
  expect(rows.asking('ray.io/v1')).toMatchObject([{ metadata: { name: 'a' }, spec: {} }]);
  rows.primaries({ gone: [], come: [b] });
  const [first, second] = rows.asking('ray.io/v1');
  expect(first).not.toHaveProperty('spec');
  expect(second?.metadata.name).toBe('b');
});
