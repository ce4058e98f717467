import type { KubernetesObject } from '../../kubernetes.ts';
import { namespace, oldGraph, rayService } from './manifests.ts';
import { h100, l40s } from './nodes.ts';
import type { Scenario } from './scenario.ts';

/** The settings of a former KubeFoundry, which chose one runtime for everything. */
const settings: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'kubefoundry-config', namespace: 'kubefoundry-system' },
  data: { 'config.json': JSON.stringify({ activeProviderId: 'dynamo', defaultNamespace: 'dynamo-system' }) },
};

/** The token that workers of that time took from a Secret of this name, in each namespace. */
const token = (where: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'hf-token-secret', namespace: where },
  data: { HF_TOKEN: Buffer.from('none').toString('base64') },
});

/** Old operators, v1alpha1 layouts, nothing labelled, and settings of a former KubeFoundry. */
export const legacy: Scenario = {
  machines: [h100(0), l40s(0)],
  releases: [
    { runtime: 'dynamo', version: '1.1.1', release: 'dynamo-platform', namespace: 'dynamo-system' },
    { runtime: 'kuberay', version: '1.6.2', release: 'kuberay-operator', namespace: 'default' },
  ],
  failures: [{ match: 'llama-old', kind: 'crash-loop' }],
  objects: [
    namespace('kubefoundry-system'),
    settings,
    token('dynamo-system'),
    token('default'),
    oldGraph({ name: 'vllm-agg', namespace: 'dynamo-system', model: 'Qwen/Qwen3-0.6B' }),
    oldGraph({ name: 'vllm-disagg', namespace: 'dynamo-system', model: 'Qwen/Qwen3-8B', mode: 'disaggregated' }),
    oldGraph({ name: 'llama-old', namespace: 'default', model: 'meta-llama/Llama-3.1-8B-Instruct', replicas: 2 }),
    rayService({ name: 'ray-llm', namespace: 'default', model: 'Qwen/Qwen2.5-7B-Instruct', tag: '2.52.0-py311-cu128' }),
  ],
  later: [],
};
