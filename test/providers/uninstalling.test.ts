import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import { kuberay } from '../../src/providers/kuberay/provider.ts';
import type { OperatorFact, ReleaseFact } from '../../src/providers/provider.ts';
import { factsOf, helmOperator } from './kuberay/fixtures.ts';

const { planUninstall } = kuberay.installation;

const operator = (namespace: string, fields: Partial<OperatorFact> = {}): OperatorFact => ({
  ...helmOperator,
  namespace,
  ...fields,
});

const watching = (namespace: string, ...names: readonly string[]) =>
  operator(namespace, { args: [`--watch-namespace=${names.join(',')}`] });

const releasesIn = (...namespaces: readonly string[]): readonly ReleaseFact[] =>
  namespaces.map((namespace) => ({
    name: 'ray',
    namespace,
    chart: 'kuberay-operator',
    version: '1.7.0',
    revision: 1,
    status: 'deployed',
  }));

const rayService = (namespace: string, name: string, finalizers: readonly string[] = []): KubernetesObject => ({
  apiVersion: 'ray.io/v1',
  kind: 'RayService',
  metadata: { name, namespace, uid: `u-${namespace}-${name}`, finalizers },
});

const own = 'ray.io/rayservice-finalizer';

describe('one of several operators', () => {
  const objects = ['a', 'b', 'c', 'd'].map((namespace) => rayService(namespace, 'chat', [own]));
  const planned = (...operators: readonly OperatorFact[]) =>
    planUninstall(factsOf({ operators, releases: releasesIn(...operators.map(({ namespace }) => namespace)) }), {
      deleteCrds: false,
      objects,
    });
  const deleted = ({ steps }: ReturnType<typeof planned>) =>
    steps.flatMap((step) => (step.kind === 'delete' ? step.target.namespace : []));

  test('goes with the deployments that it looks after alone, and the plan says which goes and which stays', () => {
    const plan = planned(watching('a', 'a', 'c'), watching('b', 'b', 'c'));
    expect(deleted(plan)).toEqual(['a']);
    expect(plan).toMatchObject({
      summary: 'Uninstall KubeRay 1.7.0, operator a/kuberay-operator. Deployments that stop: 1: a/chat.',
      blockers: [],
    });
    expect(plan.steps.at(-1)).toMatchObject({ kind: 'helm', action: 'uninstall', namespace: 'a' });
    expect(plan.warnings).toContain(
      'Only the operator a/kuberay-operator (watches a, c) is uninstalled; b/kuberay-operator (watches b, c) stays, with the deployments there.',
    );
  });

  test('that watches all namespaces leaves those that another one watches', () => {
    const plan = planned(watching('b', 'b', 'c'), operator('a'));
    expect(deleted(plan)).toEqual(['a', 'd']);
    expect(plan.blockers).toEqual([]);
  });

  test('is not uninstalled where another one looks after the same deployments: both are named, with the way out', () => {
    const both =
      'The operators a/kuberay-operator (watches all namespaces) and b/kuberay-operator (watches all namespaces) look after the same deployments, so that none has to stop. Take all but one of them away by hand, and nothing else: helm uninstall ray --namespace a --wait or helm uninstall ray --namespace b --wait. Then call again.';
    expect(planned(operator('a'), operator('b')).blockers).toEqual([both]);
    expect(planned(watching('a', 'a'), operator('b', { ready: 0, available: 0 })).blockers).toEqual([
      expect.stringContaining('a/kuberay-operator (watches a) and b/kuberay-operator (watches all namespaces)'),
    ]);
  });

  test('is not uninstalled where nobody knows what one of them watches', () => {
    const settingsFrom = { configMap: 'ray-config', key: 'config.yaml' };
    for (const operators of [
      [operator('a', { settingsFrom }), watching('b', 'b')],
      [watching('b', 'b'), operator('a', { settingsFrom })],
    ]) {
      expect(planned(...operators).blockers).toEqual([
        'Which namespaces the operator a/kuberay-operator watches is not known: its settings stand in the ConfigMap a/ray-config, which could not be read. Get the right to read it (get configmaps in a), then call again.',
      ]);
    }
    const settings = { watchNamespace: 'a' };
    expect(deleted(planned(operator('a', { settingsFrom, settings }), watching('b', 'b')))).toEqual(['a']);
  });
});

describe('an operator that does not watch all namespaces', () => {
  const facts = factsOf({ operators: [watching('a', 'a')], releases: releasesIn('a') });
  const planned = (...objects: readonly KubernetesObject[]) => planUninstall(facts, { deleteCrds: false, objects });

  test('takes no finalizer away elsewhere: that stops the uninstallation, with the cure', () => {
    const { blockers, hint } = planned(rayService('a', 'chat', [own]), rayService('b', 'chat', [own]));
    expect(blockers).toEqual([
      `RayService b/chat would hang in deletion on its finalizer ${own}, which only an operator removes. No operator watches b, only a. Have one look after it, or give the finalizer up by hand: kubectl patch rayservice.ray.io chat --namespace b --type merge --patch '{"metadata":{"finalizers":null}}'`,
    ]);
    expect(hint).toBeUndefined();
  });

  test('does not stand in the way of what has no finalizer of its own', () => {
    expect(planned(rayService('b', 'chat'), rayService('b', 'code', ['example.com/backup'])).blockers).toEqual([]);
  });
});
