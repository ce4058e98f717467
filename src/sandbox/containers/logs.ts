import { type KubernetesObject, listAt, textAt } from '../../kubernetes.ts';
import { isReady, labelOf } from '../controllers/objects.ts';
import { identify, nodeOf } from '../controllers/pods.ts';
import { type FailureKind, isEngineFailure } from '../failures.ts';
import { engineFailures } from '../mishaps/engine-failures.ts';
import { engineOf, flagOf, modelOf } from './serving.ts';

/** A line, and how many simulated seconds after the start of its container it is written. */
export interface Said {
  readonly after: number;
  readonly text: string;
}

const said = (...lines: readonly (readonly [number, string])[]): readonly Said[] =>
  lines.map(([after, text]) => ({ after, text }));

function engineStart(model: string, engine: string): readonly Said[] {
  const gpus = 'Starting to load model';
  switch (engine) {
    case 'sglang':
      return said(
        [0, `INFO server_args=ServerArgs(model_path='${model}', tp_size=1)`],
        [2, 'INFO Load weight begin. avail mem=78.55 GB'],
        [11, 'INFO Load weight end. type=Qwen3ForCausalLM, dtype=torch.bfloat16, avail mem=63.21 GB'],
        [13, 'INFO Capture cuda graph end. Time elapsed: 1.9 s'],
      );
    case 'trtllm':
      return said(
        [0, `[TRT-LLM] [I] Starting TensorRT LLM init for ${model}`],
        [3, '[TRT-LLM] [I] Loading weights concurrently'],
        [11, '[TRT-LLM] [I] Model init total -- 8.42s'],
        [13, '[TRT-LLM] [I] max_seq_len=40960, kv cache blocks allocated'],
      );
    default:
      return said(
        [0, `INFO [core.py:84] Initializing a V1 LLM engine with config: model='${model}'`],
        [1, `INFO [gpu_model_runner.py:2206] ${gpus} ${model}...`],
        [3, 'Loading safetensors checkpoint shards:  25% Completed | 1/4 [00:02<00:06,  2.11s/it]'],
        [7, 'Loading safetensors checkpoint shards:  75% Completed | 3/4 [00:06<00:02,  2.09s/it]'],
        [10, 'INFO [default_loader.py:262] Loading weights took 8.61 seconds'],
        [11, 'INFO [gpu_worker.py:276] Available KV cache memory: 54.22 GiB'],
        [13, 'INFO [gpu_model_runner.py:2850] Graph capturing finished in 2 secs'],
      );
  }
}

/** The last words of a container that ended badly; an engine that just crashes does so for want of GPU memory. */
function lastWords(cause: string, model: string, failure: FailureKind | undefined): readonly Said[] {
  if (cause === 'OOMKilled' || failure === 'killed' || failure === 'liveness-failed')
    return said([3, 'Loading safetensors checkpoint shards:  50% Completed | 2/4 [00:03<00:03]']);
  const words = engineFailures[isEngineFailure(failure) ? failure : 'gpu-out-of-memory'](model);
  return said(
    [4, 'ERROR [core.py:708] EngineCore failed to start.'],
    [4, 'ERROR [core.py:708] Traceback (most recent call last):'],
    [4, 'ERROR [core.py:708]   File "/opt/vllm/vllm/v1/engine/core.py", line 699, in run_engine_core'],
    ...words.map((text) => [4, `ERROR [core.py:708] ${text}`] as const),
    [5, 'RuntimeError: Engine core initialization failed. See root cause above.'],
  );
}

function running(pod: KubernetesObject): readonly Said[] {
  const { role, rayCluster } = identify(pod);
  const node = nodeOf(pod) ?? '';
  const ready = isReady(pod);
  if (rayCluster !== undefined && role === 'head') {
    return said(
      [0, 'INFO scripts.py:1032 -- Local node IP: 10.244.0.2'],
      [3, 'SUCC scripts.py:1069 -- Ray runtime started.'],
      [4, `INFO dashboard_head.py -- Dashboard running on http://0.0.0.0:8265`],
    );
  }
  if (rayCluster !== undefined) {
    return said(
      [0, `INFO scripts.py:1195 -- Connecting to ${flagOf(pod, '--address') ?? 'the head'}`],
      [1, 'SUCC scripts.py:1211 -- Ray runtime started.'],
      [2, `(ServeReplica:llms) INFO llm_server.py -- Starting engine on ${node}`],
      ...(ready ? [[14, '(ProxyActor) INFO proxy.py -- Got updated endpoints: {}'] as const] : []),
    );
  }
  if (role === 'frontend') {
    return said(
      [0, 'INFO dynamo_runtime::distributed: Initializing KV store discovery backend'],
      [
        2,
        'INFO dynamo_llm::http::service::service_v2: Starting HTTP(S) service protocol="HTTP" address="0.0.0.0:8000"',
      ],
    );
  }
  if (role === 'model') {
    const component = labelOf(pod, 'nvidia.com/dynamo-component-type') ?? 'worker';
    const done = `INFO dynamo_runtime: Registered endpoint generate of component ${component}`;
    return [...engineStart(modelOf(pod), engineOf(pod)), ...(ready ? said([14, done]) : [])];
  }
  return said(
    [0, '{"level":"info","logger":"setup","msg":"starting manager"}'],
    [3, '{"level":"info","msg":"Starting Controller"}'],
  );
}

/** What a container has written since it started, or, `previous`, what its predecessor wrote before it ended. */
export function linesOf(
  pod: KubernetesObject,
  { container, previous }: { readonly container: string; readonly previous: boolean },
  failure: FailureKind | undefined,
): readonly Said[] {
  if (listAt(pod, 'spec', 'initContainers').some((each) => textAt(each, 'name') === container)) {
    return container === 'wait-gcs-ready' ? said([0, 'GCS is ready.']) : said([0, 'done']);
  }
  const status = listAt(pod, 'status', 'containerStatuses').find((each) => textAt(each, 'name') === container);
  const cause = textAt(status, previous ? 'lastState' : 'state', 'terminated', 'reason');
  const waiting = textAt(status, 'state', 'waiting', 'reason');
  // While a container waits for its next start, its log is still that of the last one.
  const ended = cause ?? (waiting === undefined ? undefined : textAt(status, 'lastState', 'terminated', 'reason'));
  if (ended === undefined) return running(pod);
  const model = identify(pod).rayCluster === undefined ? modelOf(pod) : 'the model';
  return [...running(pod).filter(({ after }) => after < 4), ...lastWords(ended, model, failure)];
}
