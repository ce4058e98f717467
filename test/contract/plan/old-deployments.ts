import { describe, expect, test } from 'vitest';
import { type RuntimeId, runtimeIds } from '../../../src/foundry/spec.ts';
import type { KubernetesObject } from '../../../src/kubernetes.ts';
import { oldGraph, oldToken, rayService } from '../../../src/sandbox/scenarios/manifests.ts';
import { getDeployment } from '../../../src/tools/get-deployment.ts';
import { installRuntime } from '../../../src/tools/install-runtime.ts';
import { listDeployments } from '../../../src/tools/list-deployments.ts';
import { createNamespace, primaries, soon } from '../fixtures.ts';
import { type OpenWorld, testAnswers, useScenario } from './scenario.ts';

const model = 'Qwen/Qwen3-0.6B';
const larger = 'Qwen/Qwen3-8B';

interface Found {
  readonly object: KubernetesObject;
  readonly runtime: RuntimeId;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What somebody's cluster may hold: nothing is labelled by us, or it is labelled wrongly. */
const holding = (namespace: string): readonly Found[] => [
  {
    object: oldGraph({ name: 'dynamo-aggregated', namespace, model }),
    runtime: 'dynamo',
    facts: { apiVersion: 'nvidia.com/v1alpha1', mode: 'aggregated', model },
  },
  {
    object: oldGraph({ name: 'dynamo-disaggregated', namespace, model: larger, mode: 'disaggregated' }),
    runtime: 'dynamo',
    facts: { mode: 'disaggregated', model: larger, replicas: { desired: 2, ready: 2 } },
  },
  {
    object: labelled(oldGraph({ name: 'dynamo-mislabelled', namespace, model }), 'kuberay'),
    runtime: 'dynamo',
    facts: { model },
  },
  {
    object: rayService({ name: 'ray', namespace, model, tag: '2.52.0-py311-cu128' }),
    runtime: 'kuberay',
    facts: { mode: 'aggregated', model },
  },
  {
    object: labelled(rayService({ name: 'ray-mislabelled', namespace, model }), 'dynamo'),
    runtime: 'kuberay',
    facts: { model },
  },
];

function labelled(object: KubernetesObject, runtime: RuntimeId): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, labels: { 'kubefoundry.io/provider': runtime } } };
}

/** The existing cluster of the plan's phase 6: what was deployed before, by others or by earlier tools. */
export function describeOldDeployments(open: OpenWorld): void {
  describe('[plan 6.1] Existing cluster with old deployments → verify they appear with correct runtime', () => {
    const scenario = useScenario(open, 'old');

    test('[plan 6.2] existing deployments (no label, or a wrong one) are listed correctly, by their kind', async () => {
      const assistant = await scenario.connect();
      const { releases, admin } = scenario.world();
      for (const runtime of runtimeIds) {
        await assistant.call(installRuntime, { runtime, version: releases[runtime].version });
      }
      const namespace = await createNamespace(scenario.world());
      const held = holding(namespace);
      await admin.apply(oldToken(namespace));
      for (const { object } of held) await admin.apply(object);

      const rows = held.map(({ object: { kind, metadata }, runtime, facts }) => ({
        name: metadata.name,
        namespace,
        runtime,
        kind,
        engine: 'vllm',
        managed: false,
        phase: 'Running',
        ...facts,
      }));
      await expect
        .poll(() => assistant.call(listDeployments, { namespace }), soon)
        .toMatchObject({ deployments: rows, total: rows.length, problems: [] });
      for (const row of rows) {
        const { deployment } = await assistant.call(getDeployment, { name: row.name, namespace });
        expect(deployment).toMatchObject(row);
      }
      for (const { object, runtime } of held) {
        const kept = await admin.get(primaries[runtime], { namespace, name: object.metadata.name });
        expect(kept?.metadata.labels).toEqual(object.metadata.labels);
      }
    });

    testAnswers(scenario);
  });
}
