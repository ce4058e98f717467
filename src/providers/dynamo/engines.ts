import { isAtLeast, type Version } from '../semantic-version.ts';
import type { DeploymentSpec, Engine, WorkerRole } from '../spec.ts';

/** A container's environment variable, with a value or with a field of the pod. */
export type Variable = { readonly name: string } & (
  | { readonly value: string }
  | { readonly valueFrom: { readonly fieldRef: { readonly fieldPath: string } } }
);

/** What a worker's container is started with, before `engineArgs`. */
export interface Launch {
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly environment: readonly Variable[];
}

interface EngineTraits {
  readonly modelFlag: string;
  readonly contextFlag: string;
  /** The checkpoint says it where there is no flag. */
  readonly quantizationFlag: string | undefined;
  /** Words for the rest, which differs per engine and role. */
  readonly rest: (spec: DeploymentSpec, role: WorkerRole, version: Version | undefined) => readonly string[];
}

const zmqEvents = (port: number, more: object = {}): string =>
  JSON.stringify({ publisher: 'zmq', topic: 'kv-events', endpoint: `tcp://*:${port}`, ...more });

/** The KV-aware router follows what is cached where tokens are prefilled. */
const publishesEvents = (spec: DeploymentSpec, role: WorkerRole): boolean => spec.router === 'kv' && role !== 'decode';

/** From 1.1 on vLLM workers take the flags that the other engines take; 1.4 dropped the old ones. */
const hasDisaggregationMode = (version: Version | undefined): boolean =>
  version === undefined || isAtLeast(version, 1, 1);

function vllmRest(spec: DeploymentSpec, role: WorkerRole, version: Version | undefined): readonly string[] {
  const words = spec.trustRemoteCode ? ['--trust-remote-code'] : [];
  if (role !== 'worker' && hasDisaggregationMode(version)) {
    const transfer = JSON.stringify({ kv_connector: 'NixlConnector', kv_role: 'kv_both' });
    words.push('--disaggregation-mode', role, '--kv-transfer-config', transfer);
  } else if (role !== 'worker') {
    words.push(`--is-${role}-worker`);
  }
  if (publishesEvents(spec, role)) {
    words.push('--kv-events-config', zmqEvents(20080, { enable_kv_cache_events: true }));
  }
  return words;
}

function sglangRest(spec: DeploymentSpec, role: WorkerRole): readonly string[] {
  const words = spec.trustRemoteCode ? ['--trust-remote-code'] : [];
  if (role !== 'worker') {
    words.push('--disaggregation-mode', role, '--disaggregation-transfer-backend', 'nixl');
    words.push('--disaggregation-bootstrap-port', '12345', '--host', '0.0.0.0');
  }
  if (publishesEvents(spec, role)) words.push('--kv-events-config', zmqEvents(5557));
  return words;
}

function trtllmRest(spec: DeploymentSpec, role: WorkerRole): readonly string[] {
  const overrides = {
    ...(spec.trustRemoteCode ? { trust_remote_code: true } : {}),
    ...(role === 'worker' ? {} : { cache_transceiver_config: { backend: 'DEFAULT' } }),
    ...(role === 'prefill' ? { disable_overlap_scheduler: true } : {}),
  };
  return [
    ...(role === 'worker' ? [] : ['--disaggregation-mode', role]),
    ...(Object.keys(overrides).length === 0 ? [] : ['--override-engine-args', JSON.stringify(overrides)]),
    ...(publishesEvents(spec, role) ? ['--publish-events-and-metrics'] : []),
  ];
}

/** How each engine is started under Dynamo (examples of ai-dynamo/dynamo 1.1 to 1.6). */
const traits: Readonly<Record<Engine, EngineTraits>> = {
  vllm: {
    modelFlag: '--model',
    contextFlag: '--max-model-len',
    quantizationFlag: '--quantization',
    rest: vllmRest,
  },
  sglang: {
    modelFlag: '--model-path',
    contextFlag: '--context-length',
    quantizationFlag: '--quantization',
    rest: sglangRest,
  },
  trtllm: {
    modelFlag: '--model-path',
    contextFlag: '--max-seq-len',
    quantizationFlag: undefined,
    rest: trtllmRest,
  },
};

/** The flags that tell an engine its context length and its quantization; undefined where there is none. */
export const contextFlag = (engine: Engine): string => traits[engine].contextFlag;
export const quantizationFlag = (engine: Engine): string | undefined => traits[engine].quantizationFlag;

/** Whether a worker that is started so runs code that comes with the model. */
export const trustsRemoteCode = (tokens: readonly string[]): boolean =>
  tokens.some((token) => token === '--trust-remote-code' || /"trust_remote_code":\s*true/.test(token));

/** Whether an engine is told its quantization by a flag. */
export const takesQuantization = (engine: Engine): boolean => quantizationFlag(engine) !== undefined;

/** How a worker of one role is started; `version` is the runtime's, undefined where the image's tag does not say it. */
export function launch(spec: DeploymentSpec, engine: Engine, role: WorkerRole, version: Version | undefined): Launch {
  const { modelFlag, contextFlag, quantizationFlag, rest } = traits[engine];
  const { gpus = 1 } = spec;
  const optional = (flag: string | undefined, value: string | number | undefined) =>
    flag === undefined || value === undefined ? [] : [flag, String(value)];
  // Until 1.1 the operator did not tell vLLM under which address the other half finds it.
  const needsAddress = engine === 'vllm' && role !== 'worker' && version !== undefined && !isAtLeast(version, 1, 2);
  return {
    command: ['python3', '-m', `dynamo.${engine}`],
    args: [
      modelFlag,
      spec.model,
      ...optional('--served-model-name', spec.servedModelName),
      ...optional('--tensor-parallel-size', gpus === 1 ? undefined : gpus),
      ...optional(contextFlag, spec.contextLength),
      ...optional(quantizationFlag, spec.quantization),
      ...rest(spec, role, version),
    ],
    environment: needsAddress
      ? [{ name: 'VLLM_NIXL_SIDE_CHANNEL_HOST', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }]
      : [],
  };
}
