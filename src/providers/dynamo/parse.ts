import { type KubernetesObject, textAt } from '../../kubernetes.ts';
import type { ParsedManifest } from '../provider.ts';
import { type Engine, engines, type Mode } from '../spec.ts';
import { expand, flagValue } from './command-line.ts';
import { type Graph, type GraphComponent, readGraph } from './graph.ts';
import { modelAnnotation } from './labels.ts';

const modelFlags = ['--model', '--model-path', '--model-name'];
const modelVariables = ['MODEL', 'MODEL_PATH', 'MODEL_NAME', 'MODEL_ID', 'DYN_TRTLLM_MODEL'];

const isEngine = (word: string | undefined): word is Engine => engines.some((engine) => engine === word);

/** Marks of an engine in a command, a working directory or an image name, for graphs that do not say their framework. */
const engineMarks: Readonly<Record<Engine, RegExp>> = {
  vllm: /dynamo\.vllm|\bvllm\b|vllm-runtime/i,
  sglang: /dynamo\.sglang|\bsglang\b|sglang-runtime/i,
  trtllm: /dynamo\.trtllm|\btrtllm\b|tensorrtllm-runtime/i,
};

/** Components that run a model, those that answer before those that only prefill. */
function workersOf({ components }: Graph): readonly GraphComponent[] {
  const workers = components.filter(({ role }) => role === 'worker' || role === 'decode' || role === 'prefill');
  return [...workers.filter(({ role }) => role !== 'prefill'), ...workers.filter(({ role }) => role === 'prefill')];
}

function modelOf({ tokens, environment }: GraphComponent): string | undefined {
  const flag = flagValue(tokens, modelFlags);
  if (flag !== undefined) return expand(flag, environment);
  return modelVariables.map((name) => environment.get(name)).find((value) => value !== undefined && value !== '');
}

function engineOf({ framework }: Graph, workers: readonly GraphComponent[]): Engine | null {
  if (isEngine(framework)) return framework;
  for (const { tokens, workingDirectory, image } of workers) {
    for (const text of [tokens.join(' '), workingDirectory, image ?? '']) {
      const marked = engines.filter((engine) => engineMarks[engine].test(text));
      if (marked.length === 1) return marked[0] ?? null;
    }
  }
  return null;
}

export function modeOf(graph: Graph): Mode | null {
  const roles = new Set(graph.components.map(({ role }) => role));
  if (roles.has('prefill') || roles.has('decode')) return 'disaggregated';
  return roles.has('worker') ? 'aggregated' : null;
}

function gpusOf({ components }: Graph): number | null {
  let total = 0;
  for (const { replicas, gpus } of components) {
    if (replicas === null || gpus === null) return null;
    total += replicas * gpus;
  }
  return components.length === 0 ? null : total;
}

const firstOf = <Value>(values: readonly (Value | undefined)[]): Value | null =>
  values.find((value) => value !== undefined) ?? null;

/** What a DynamoGraphDeployment says about its model: what its containers are started with, then our annotation. */
export function parse(primary: KubernetesObject): ParsedManifest {
  const graph = readGraph(primary);
  const workers = workersOf(graph);
  const model = firstOf([...workers.map(modelOf), textAt(primary, 'metadata', 'annotations', modelAnnotation)]);
  const served = workers.map(({ tokens, environment }) => {
    const name = flagValue(tokens, ['--served-model-name', '--model-name']);
    return name === undefined ? undefined : expand(name, environment);
  });
  return {
    model,
    servedModelName: firstOf(served) ?? model,
    engine: engineOf(graph, workers),
    mode: modeOf(graph),
    gpus: gpusOf(graph),
    image: firstOf(workers.map(({ image }) => image)),
  };
}
