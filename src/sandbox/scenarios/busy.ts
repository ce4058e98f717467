import { type FailureKind, failureKinds } from '../failures.ts';
import { defaultVersions, type Runtime } from '../operators.ts';
import { graph, namespace, rayService, type Wanted } from './manifests.ts';
import { h100, l4, l40s } from './nodes.ts';
import type { Act, Mishap, Scenario } from './scenario.ts';

/** What became of a deployment: it runs, it never did, or something happened to it later. */
type Fate =
  | 'runs'
  | FailureKind
  | 'loses-one'
  | 'fails-later'
  | 'crashes-later'
  | 'asleep'
  | 'stuck-deleting'
  | 'rolling';

interface Row extends Wanted {
  readonly runtime: Runtime;
  readonly fate: Fate;
}

const dynamo = 'dynamo-system';
const kuberay = 'kuberay-system';
const search = 'team-search';
const research = 'research';

const qwen = 'Qwen/Qwen3-8B';
const small = 'Qwen/Qwen3-0.6B';
const llama = 'meta-llama/Llama-3.1-8B-Instruct';
const big = 'meta-llama/Llama-3.3-70B-Instruct';
const deepseek = 'deepseek-ai/DeepSeek-R1-Distill-Qwen-7B';
const mistral = 'mistralai/Mistral-7B-Instruct-v0.3';
const phi = 'microsoft/phi-4';

const ours = (
  runtime: Runtime,
  namespaceName: string,
  name: string,
  model: string,
  fate: Fate,
  more: Partial<Wanted> = {},
): Row => ({
  runtime,
  namespace: namespaceName,
  name,
  model,
  fate,
  managed: true,
  ...more,
});
const theirs = (...row: Parameters<typeof ours>): Row => ({ ...ours(...row), managed: false });

const rows: readonly Row[] = [
  ours('dynamo', dynamo, 'qwen3-8b', qwen, 'runs', { replicas: 2 }),
  ours('dynamo', dynamo, 'qwen3-small', small, 'runs'),
  ours('dynamo', dynamo, 'llama-70b', big, 'runs', { gpus: 4 }),
  ours('dynamo', dynamo, 'llama-70b-split', big, 'runs', { gpus: 2, mode: 'disaggregated' }),
  ours('dynamo', dynamo, 'deepseek-r1', deepseek, 'runs', { engine: 'sglang', replicas: 2 }),
  ours('dynamo', dynamo, 'mistral-trt', mistral, 'runs', { engine: 'trtllm' }),
  ours('dynamo', dynamo, 'phi-4', phi, 'rolling'),
  ours('dynamo', dynamo, 'qwen3-nightly', qwen, 'image-pull', { tag: '1.6.1-nightly' }),
  ours('dynamo', dynamo, 'llama-405b', big, 'unschedulable', { gpus: 8, replicas: 2 }),
  ours('dynamo', dynamo, 'phi-4-long', phi, 'out-of-memory'),
  ours('dynamo', dynamo, 'mistral-old', mistral, 'asleep', { replicas: 0 }),
  theirs('dynamo', dynamo, 'vllm-agg', small, 'runs'),
  theirs('dynamo', dynamo, 'vllm-disagg', small, 'crash-loop', { mode: 'disaggregated' }),
  ours('kuberay', kuberay, 'qwen-ray', qwen, 'loses-one', { replicas: 2 }),
  ours('kuberay', kuberay, 'llama-ray', llama, 'runs'),
  ours('kuberay', kuberay, 'llama-70b-ray', big, 'runs', { gpus: 4 }),
  ours('kuberay', kuberay, 'phi-ray', phi, 'crashes-later'),
  ours('kuberay', kuberay, 'mistral-ray', mistral, 'fails-later'),
  ours('kuberay', kuberay, 'llama-gated', llama, 'deploy-failed'),
  ours('kuberay', kuberay, 'qwen-typo', qwen, 'image-pull', { tag: '2.58.0-py312-cu999' }),
  ours('kuberay', kuberay, 'deepseek-ray', deepseek, 'not-ready'),
  ours('kuberay', kuberay, 'phi-night', phi, 'asleep', { suspend: true }),
  theirs('kuberay', kuberay, 'rayservice-sample', small, 'runs'),
  ours('dynamo', search, 'rerank', small, 'runs'),
  ours('dynamo', search, 'answer', llama, 'loses-one', { replicas: 2 }),
  ours('dynamo', search, 'summarise', qwen, 'not-ready'),
  theirs('dynamo', search, 'embedder', small, 'runs'),
  ours('kuberay', search, 'rewrite', small, 'runs'),
  ours('kuberay', search, 'classify', small, 'failed-reconcile'),
  theirs('kuberay', search, 'old-search', llama, 'out-of-memory'),
  ours('dynamo', search, 'leaving', small, 'stuck-deleting'),
  ours('dynamo', research, 'ablation-a', small, 'runs'),
  ours('dynamo', research, 'ablation-b', small, 'runs', { engine: 'sglang' }),
  ours('dynamo', research, 'ablation-c', small, 'failed-reconcile'),
  theirs('dynamo', research, 'notebook-llm', mistral, 'runs', { engine: 'vllm' }),
  theirs('dynamo', research, 'giant', big, 'unschedulable', { gpus: 8 }),
  ours('kuberay', research, 'sweep-1', small, 'runs'),
  ours('kuberay', research, 'sweep-2', small, 'unschedulable'),
  theirs('kuberay', research, 'leaving-too', small, 'stuck-deleting'),
  theirs('kuberay', research, 'bad-app', deepseek, 'deploy-failed'),
];

const isFailure = (fate: Fate): fate is FailureKind => failureKinds.some((kind) => kind === fate);

const manifest = (row: Row) => (row.runtime === 'dynamo' ? graph(row) : rayService(row));
/** A finalizer that no controller takes away. */
const held = { finalizers: ['example.com/backup'] };

function later(row: Row): readonly Act[] {
  const match = `${row.namespace}/${row.name}`;
  switch (row.fate) {
    case 'loses-one':
      return [{ do: 'fail', mishap: { match, kind: 'crash-loop', pods: 1 } }];
    case 'fails-later':
      return [{ do: 'fail', mishap: { match, kind: 'deploy-failed' } }];
    case 'crashes-later':
      return [{ do: 'fail', mishap: { match, kind: 'crash-loop' } }];
    case 'stuck-deleting':
      return [{ do: 'delete', object: manifest(row) }];
    case 'rolling':
      // The new image never gets ready; the old replicas go on serving.
      return [
        { do: 'fail', mishap: { match, kind: 'image-pull' } },
        { do: 'apply', object: manifest({ ...row, tag: '1.6.2' }) },
      ];
    default:
      return [];
  }
}

const mishaps = rows.flatMap(({ namespace: where, name, fate }): Mishap[] =>
  isFailure(fate) ? [{ match: `${where}/${name}`, kind: fate }] : [],
);

/** Forty deployments in every phase over four namespaces, a quarter of them made by others. */
export const busy: Scenario = {
  machines: [...[0, 1, 2, 3, 4].map(h100), ...[0, 1, 2].map(l40s), l4(0)],
  releases: [
    { runtime: 'dynamo', version: defaultVersions.dynamo, release: 'dynamo-platform', namespace: dynamo },
    { runtime: 'kuberay', version: defaultVersions.kuberay, release: 'kuberay-operator', namespace: kuberay },
  ],
  failures: mishaps,
  objects: [
    namespace(search),
    namespace(research),
    ...rows.map((row) => manifest(row.fate === 'stuck-deleting' ? { ...row, ...held } : row)),
  ],
  later: rows.flatMap(later),
};
