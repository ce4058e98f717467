import { nearest } from '../nearest.ts';
import type { Problem } from '../provider.ts';
import type { DeploymentSpec, Engine } from '../spec.ts';

/** How a flag is given: with a value; bare; or bare and, to turn it off, with `no-` in front. */
type FlagKind = 'value' | 'switch' | 'toggle';

const table = (kinds: Readonly<Record<FlagKind, string>>): ReadonlyMap<string, FlagKind> => {
  const kindsOf = (kind: FlagKind) =>
    kinds[kind]
      .split(/\s+/)
      .filter((name) => name !== '')
      .map((name) => [name, kind] as const);
  return new Map([...kindsOf('value'), ...kindsOf('switch'), ...kindsOf('toggle')]);
};

/** Flags that Dynamo's own launchers add to every engine's. */
const launcherFlags = 'custom-encoder dyn-reasoning-parser dyn-tool-call-parser endpoint-types migration-limit';

/**
 * The flags that may be passed through, one table per engine. Left out are those that read files, open ports, load
 * code, or spread a replica over nodes.
 */
const knownFlags: Readonly<Record<Engine, ReadonlyMap<string, FlagKind>>> = {
  // vLLM 0.31, as in the runtime image of Dynamo 1.6.
  vllm: table({
    value: `${launcherFlags} additional-config all2all-backend attention-backend attention-config block-size
      compilation-config config-format convert cpu-offload-gb cudagraph-capture-sizes dtype expert-placement-strategy
      eplb-config generation-config gpu-memory-utilization hf-overrides kernel-config kv-cache-dtype
      kv-cache-memory-bytes kv-offloading-backend kv-offloading-size limit-mm-per-prompt load-format logprobs-mode
      long-prefill-token-threshold lora-dtype lora-modules mamba-block-size mamba-cache-dtype mamba-cache-mode
      mamba-ssm-cache-dtype max-cpu-loras max-cudagraph-capture-size max-logprobs max-long-partial-prefills
      max-lora-rank max-loras max-num-batched-tokens max-num-partial-prefills max-num-seqs
      max-parallel-loading-workers mm-encoder-attn-backend mm-encoder-tp-mode mm-processor-cache-gb
      mm-processor-kwargs model-impl model-loader-extra-config moe-backend num-gpu-blocks-override optimization-level
      override-generation-config performance-mode pooler-config prefix-caching-hash-algo reasoning-parser revision
      runner safetensors-load-strategy scheduling-policy seed sleep-mode-level speculative-config stream-interval
      structured-outputs-config tokenizer tokenizer-mode tokenizer-revision`,
    switch: '',
    toggle: `async-scheduling calculate-kv-scales disable-cascade-attn disable-chunked-mm-input
      disable-custom-all-reduce disable-hybrid-kv-cache-manager disable-log-stats disable-sliding-window
      enable-chunked-prefill enable-dbo enable-eplb enable-expert-parallel enable-lora enable-mm-embeds
      enable-multimodal enable-prefix-caching enable-prompt-embeds enable-sleep-mode enforce-eager
      fully-sharded-loras kv-cache-metrics kv-sharing-fast-prefill language-model-only skip-mm-profiling
      skip-tokenizer-init use-vllm-tokenizer`,
  }),
  // SGLang 0.5.9 to 0.5.21, as in the runtime images of Dynamo 1.0 to 1.6.
  sglang: table({
    value: `${launcherFlags} attention-backend chunked-prefill-size constrained-json-whitespace-pattern cpu-offload-gb
      cuda-graph-bs cuda-graph-max-bs decode-attention-backend decode-log-interval deepep-mode
      disaggregation-decode-polling-interval dtype ep-dispatch-algorithm ep-num-redundant-experts ep-size
      eplb-algorithm expert-parallel-size fp4-gemm-backend fp8-gemm-backend grammar-backend hicache-io-backend
      hicache-mem-layout hicache-ratio hicache-size hicache-write-policy json-model-override-args kv-cache-dtype
      load-format log-level lora-backend lora-eviction-policy lora-target-modules mamba-backend
      mamba-full-memory-ratio mamba-scheduler-strategy mamba-ssm-dtype max-loaded-loras max-lora-rank
      max-loras-per-batch max-mamba-cache-size max-prefill-tokens max-queued-requests max-running-requests
      max-total-tokens mem-fraction-static mm-attention-backend model-impl model-loader-extra-config
      moe-a2a-backend moe-dense-tp-size moe-runner-backend num-continuous-decode-steps num-reserved-decode-tokens
      page-size piecewise-cuda-graph-max-tokens prefill-attention-backend prefill-max-requests preferred-sampling-params
      radix-eviction-policy random-seed reasoning-parser revision sampling-backend sampling-defaults
      schedule-conservativeness schedule-policy soft-watchdog-timeout speculative-algorithm
      speculative-attention-mode speculative-draft-model-path speculative-draft-model-quantization
      speculative-draft-model-revision speculative-eagle-topk speculative-num-draft-tokens speculative-num-steps
      stream-interval swa-full-tokens-ratio tokenizer-mode tokenizer-worker-num tool-call-parser
      torch-compile-max-bs torchao-config triton-attention-num-kv-splits watchdog-timeout`,
    switch: `allow-auto-truncate constrained-json-disable-any-whitespace disable-chunked-prefix-cache
      disable-cuda-graph disable-cuda-graph-padding disable-custom-all-reduce disable-fast-image-processor
      disable-flashinfer-autotune disable-hybrid-swa-memory disable-outlines-disk-cache disable-overlap-schedule
      disable-radix-cache disable-shared-experts-fusion enable-cache-report enable-custom-logit-processor
      enable-deterministic-inference enable-dp-attention enable-dp-lm-head enable-dynamic-chunking enable-eplb
      enable-flashinfer-allreduce-fusion enable-fp32-lm-head enable-hierarchical-cache enable-lora
      enable-memory-saver enable-metrics enable-mixed-chunk enable-multimodal enable-nan-detection enable-nccl-nvls
      enable-p2p-check enable-piecewise-cuda-graph enable-prefix-mm-cache enable-priority-scheduling
      enable-return-hidden-states enable-single-batch-overlap enable-symm-mem enable-tokenizer-batch-encode
      enable-torch-compile enable-torch-symm-mem enable-two-batch-overlap keep-mm-feature-on-device log-requests
      mm-enable-dp-encoder schedule-low-priority-values-first skip-server-warmup skip-tokenizer-init sleep-on-idle
      stream-output triton-attention-reduce-in-fp32`,
    toggle: 'use-sglang-tokenizer',
  }),
  // Flags of dynamo.trtllm 1.0 to 1.6; everything else of TensorRT-LLM goes through override-engine-args.
  trtllm: table({
    value: `${launcherFlags} expert-parallel-size free-gpu-memory-fraction guided-decoding-backend kv-block-size
      load-format max-batch-size max-beam-width max-file-size-mb max-num-tokens modality model-loader-extra-config
      override-engine-args`,
    switch: '',
    toggle: 'conversation-affinity enable-attention-dp enable-multimodal',
  }),
};

/** What people set most, as examples. */
const common: Readonly<Record<Engine, string>> = {
  vllm: 'gpu-memory-utilization and max-num-seqs',
  sglang: 'mem-fraction-static and max-running-requests',
  trtllm: 'free-gpu-memory-fraction and max-batch-size',
};

const oneNode = 'a replica stays on one node: ask for gpus, and for more replicas';

/** Flags that follow from a field of the spec, and that field. */
const fieldOf: ReadonlyMap<string, string> = new Map(
  Object.entries({
    model: 'use model',
    'model-path': 'use model',
    'served-model-name': 'use servedModelName',
    'tensor-parallel-size': 'use gpus: tensor parallelism follows it',
    tp: 'use gpus: tensor parallelism follows it',
    'tp-size': 'use gpus: tensor parallelism follows it',
    'gpus-per-node': 'use gpus',
    'data-parallel-size': 'use replicas: every replica is a copy of the model',
    'dp-size': 'use replicas: every replica is a copy of the model',
    'pipeline-parallel-size': oneNode,
    'pp-size': oneNode,
    nnodes: oneNode,
    'node-rank': oneNode,
    'max-model-len': 'use contextLength',
    'context-length': 'use contextLength',
    'max-seq-len': 'use contextLength',
    quantization: 'use quantization',
    'trust-remote-code': 'use trustRemoteCode',
    'hf-token': 'use hfTokenSecret, the name of a Secret',
    'disaggregation-mode': 'use mode',
    'disaggregation-transfer-backend': 'use mode: disaggregated transfers over NIXL',
    'disaggregation-bootstrap-port': 'use mode',
    'is-prefill-worker': 'use mode',
    'is-decode-worker': 'use mode',
    'kv-transfer-config': 'use mode: disaggregated transfers over NIXL',
    'kv-events-config': 'use router: kv turns the events on',
    'publish-events-and-metrics': 'use router: kv turns the events on',
    'publish-kv-events': 'use router: kv turns the events on',
  }),
);

type Value = string | number | boolean;

/** `max_num_seqs` and `--max-num-seqs` mean `max-num-seqs`. */
const spelled = (name: string): string => name.replace(/^-+/, '').replaceAll('_', '-');

/**
 * The words for `engineArgs` that have passed `checkEngineArgs`. Values are joined with `=`, so that none is taken for
 * a flag.
 */
export function passedFlags(engine: Engine, engineArgs: DeploymentSpec['engineArgs']): readonly string[] {
  return Object.entries(engineArgs ?? {}).flatMap(([given, value]: readonly [string, Value]): readonly string[] => {
    const name = spelled(given);
    if (value === true) return [`--${name}`];
    if (value === false) return knownFlags[engine].get(name) === 'toggle' ? [`--no-${name}`] : [];
    return [`--${name}=${value}`];
  });
}

/** The other way round: the words of a command that `engineArgs` can hold, without the flags among `others`. */
export function flagsIn(
  engine: Engine,
  tokens: readonly string[],
  others: readonly string[],
): Readonly<Record<string, Value>> {
  const taken = new Set(others.filter((word) => word.startsWith('--')).map(spelled));
  const found = tokens.flatMap((token, index): readonly (readonly [string, Value])[] => {
    if (!token.startsWith('--')) return [];
    const [word = '', ...rest] = token.split('=');
    const name = spelled(word);
    const positive = name.replace(/^no-/, '');
    const kind = knownFlags[engine].get(name);
    if (kind === undefined) return knownFlags[engine].get(positive) === 'toggle' ? [[positive, false]] : [];
    if (taken.has(name)) return [];
    if (kind !== 'value') return [[name, true]];
    const value = rest.length > 0 ? rest.join('=') : tokens[index + 1];
    return value === undefined ? [] : [[name, String(Number(value)) === value ? Number(value) : value]];
  });
  return Object.fromEntries(found);
}

/** What is wrong with `engineArgs`; `emitted` are the words that the rest of the spec already produces. */
export function checkEngineArgs(spec: DeploymentSpec, engine: Engine, emitted: readonly string[]): readonly Problem[] {
  const known = knownFlags[engine];
  const ours = new Set(emitted.filter((word) => word.startsWith('--')).map(spelled));
  const seen = new Set<string>();
  return Object.entries(spec.engineArgs ?? {}).flatMap(([given, value]): readonly Problem[] => {
    const name = spelled(given);
    const refuse = (message: string, hint: string, allowed?: readonly string[]): readonly Problem[] => [
      { path: `engineArgs.${given}`, severity: 'error', code: 'INVALID_FOR_RUNTIME', message, hint, allowed },
    ];
    if (seen.has(name)) return refuse(`${name} is given twice.`, 'Give it once.');
    seen.add(name);
    const field = fieldOf.get(name);
    if (field !== undefined) return refuse(`${name} is set by KubeFoundry.`, `Leave it out and ${field}.`);
    if (ours.has(name)) return refuse(`${name} is set by KubeFoundry for mode ${spec.mode}.`, 'Leave it out.');
    const kind = known.get(name);
    if (kind === undefined) {
      const near = nearest(name, [...known.keys()]);
      const hint =
        near.length > 0
          ? `Did you mean ${near.join(' or ')}?`
          : `Use flags of ${engine}'s own, such as ${common[engine]}.`;
      return refuse(
        `${given} is not an engine argument that KubeFoundry passes to ${engine}.`,
        hint,
        near.length > 0 ? near : [...known.keys()],
      );
    }
    const takesValue = kind === 'value';
    if (takesValue === (typeof value === 'boolean')) {
      const wanted = takesValue ? 'a value, not true or false' : 'true or false';
      return refuse(`${name} takes ${wanted}.`, `Give ${name} ${wanted}.`);
    }
    return [];
  });
}
