import { type Document, parseDocument, stringify } from 'yaml';
import { type KubernetesObject, listAt, numberAt, textAt, valueAt } from '../../kubernetes.ts';
import type { DeploymentSpec, Engine, Mode, WorkerRole } from '../spec.ts';
import { engineArguments } from './engine-arguments.ts';

/** One LLMConfig of a Ray Serve application. Source: `ray.serve.llm` of Ray 2.58. */
export interface LlmConfig {
  readonly role: WorkerRole;
  /** The name clients use. */
  readonly modelId: string | null;
  /** Where the weights come from; the model id where that is a bucket or left out. */
  readonly model: string | null;
  readonly engine: Engine | null;
  /** The fixed number of replicas, or the floor of an autoscaled one. */
  readonly replicas: number;
  readonly autoscaled: boolean;
  /** GPUs of one replica: tensor × pipeline parallel size. */
  readonly gpus: number;
  /** `engine_kwargs` as they stand there. */
  readonly engineArguments: unknown;
}

export type ServeConfig =
  | { readonly parsed: true; readonly mode: Mode | null; readonly configs: readonly LlmConfig[] }
  | { readonly parsed: false; readonly message: string };

const noModels: ServeConfig = { parsed: true, mode: null, configs: [] };

function engineOf(config: unknown): Engine | null {
  const named = textAt(config, 'llm_engine')?.toLowerCase();
  return named === undefined || named === 'vllm' ? 'vllm' : named === 'sglang' ? 'sglang' : null;
}

/** A number that counts nothing, such as 2.5, is none: Ray refuses it. */
function countAt(value: unknown, ...path: readonly string[]): number | undefined {
  const count = numberAt(value, ...path);
  return count !== undefined && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

function llmConfig(config: unknown, role: LlmConfig['role']): LlmConfig {
  const modelId = textAt(config, 'model_loading_config', 'model_id') ?? null;
  const scaling = valueAt(config, 'deployment_config', 'autoscaling_config');
  const asked = valueAt(config, 'deployment_config', 'num_replicas');
  const autoscaled = asked === 'auto' || (typeof scaling === 'object' && scaling !== null);
  const parallel = (kind: string): number => Math.max(1, countAt(config, 'engine_kwargs', kind) ?? 1);
  return {
    role,
    modelId,
    model: textAt(config, 'model_loading_config', 'model_source') ?? modelId,
    engine: engineOf(config),
    replicas:
      (autoscaled ? countAt(scaling, 'min_replicas') : countAt(config, 'deployment_config', 'num_replicas')) ?? 1,
    autoscaled,
    gpus: parallel('tensor_parallel_size') * parallel('pipeline_parallel_size'),
    engineArguments: valueAt(config, 'engine_kwargs'),
  };
}

/** Where an LLMConfig stands in the document. */
interface Place {
  readonly role: WorkerRole;
  readonly path: readonly (string | number)[];
}

/** `llm_configs` may also hold paths of files in the image: they are configs of which nothing can be read. `build_dp_openai_app` has one. */
function placesIn(content: unknown): readonly Place[] {
  return listAt(content, 'applications').flatMap((application, index): readonly Place[] => {
    const args = ['applications', index, 'args'];
    const has = (field: string) => valueAt(application, 'args', field) !== undefined;
    const pair = (['prefill', 'decode'] as const).filter((role) => has(`${role}_config`));
    if (pair.length > 0) return pair.map((role) => ({ role, path: [...args, `${role}_config`] }));
    const listed = listAt(application, 'args', 'llm_configs').map((_, place) => [...args, 'llm_configs', place]);
    const single = has('llm_config') ? [[...args, 'llm_config']] : [];
    return [...listed, ...single].map((path) => ({ role: 'worker', path }));
  });
}

/**
 * As Go's YAML reader does, through which the operator reads it: of two equal keys the last, merge keys, no pedantry, and of
 * several documents the first, whatever comes after it.
 */
const readingOptions = { uniqueKeys: false, merge: true, strict: false } as const;

const mistakesOf = ({ errors }: Document.Parsed) => errors.filter(({ code }) => code !== 'MULTIPLE_DOCS');

/** The first mistake with its line; counting lines costs half of the time, so only where there is one. */
const mistakeIn = (text: string): string =>
  mistakesOf(parseDocument(text, readingOptions))[0]?.message.split(':\n', 1)[0] ?? 'it cannot be parsed';

function read(text: string): ServeConfig {
  if (text.trim() === '') return noModels;
  const document = parseDocument(text, { ...readingOptions, prettyErrors: false });
  if (mistakesOf(document).length > 0) return { parsed: false, message: mistakeIn(text) };
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    return { parsed: false, message: error instanceof Error ? error.message : String(error) };
  }
  if (content === null || content === undefined) return noModels;
  if (typeof content !== 'object' || Array.isArray(content))
    return { parsed: false, message: 'a map with the key applications is wanted' };
  const configs = placesIn(content).map(({ role, path }) => llmConfig(valueAt(content, ...path), role));
  const first = configs[0];
  const mode = first === undefined ? null : first.role === 'worker' ? 'aggregated' : 'disaggregated';
  return { parsed: true, mode, configs };
}

/** The text with another number of replicas in every LLMConfig of the role; what else stands in it, comments too, stays. */
export function withReplicas(text: string, role: WorkerRole, replicas: number): string {
  const [, , end = text.length] = parseDocument(text, readingOptions).range;
  const document = parseDocument(text.slice(0, end), readingOptions);
  for (const place of placesIn(document.toJS())) {
    if (place.role === role) document.setIn([...place.path, 'deployment_config', 'num_replicas'], replicas);
  }
  return `${document.toString({ lineWidth: 0 })}${text.slice(end)}`;
}

/** Texts repeat (every read of a list brings the same ones) and YAML is slow to read. */
const texts = new Map<string, ServeConfig>();
const remembered = 10_000;

/** Reads `spec.serveConfigV2` of a RayService, ours or another's; never throws. */
export function serveConfigOf(rayService: KubernetesObject): ServeConfig {
  const text = textAt(rayService, 'spec', 'serveConfigV2');
  if (text === undefined) return noModels;
  const before = texts.get(text);
  if (before !== undefined) return before;
  const config = read(text);
  const oldest = texts.size < remembered ? undefined : texts.keys().next().value;
  if (oldest !== undefined) texts.delete(oldest);
  texts.set(text, config);
  return config;
}

/** Both sides of NIXL send and receive (`kv_both`); NIXL is part of the ray-llm image. */
const keyValueTransfer = { kv_connector: 'NixlConnector', kv_role: 'kv_both' };

/** Writes `spec.serveConfigV2`: one application on `/`, through Ray Serve LLM's own builders. */
export function buildServeConfig(spec: DeploymentSpec): string {
  const config = (replicas: number, extra: Readonly<Record<string, unknown>> = {}) => ({
    model_loading_config: { model_id: spec.servedModelName ?? spec.model, model_source: spec.model },
    engine_kwargs: {
      tensor_parallel_size: spec.gpus ?? 1,
      ...(spec.contextLength === undefined ? {} : { max_model_len: spec.contextLength }),
      ...(spec.quantization === undefined ? {} : { quantization: spec.quantization }),
      ...(spec.trustRemoteCode === undefined ? {} : { trust_remote_code: spec.trustRemoteCode }),
      ...engineArguments(spec),
      ...extra,
    },
    deployment_config: { num_replicas: replicas },
  });
  const [importPath, args] =
    spec.mode === 'disaggregated'
      ? [
          'ray.serve.llm:build_pd_openai_app',
          {
            prefill_config: config(replicasOf(spec, 'prefill'), { kv_transfer_config: { ...keyValueTransfer } }),
            decode_config: config(replicasOf(spec, 'decode'), { kv_transfer_config: { ...keyValueTransfer } }),
          },
        ]
      : ['ray.serve.llm:build_openai_app', { llm_configs: [config(replicasOf(spec, 'worker'))] }];
  const application = { name: 'llms', import_path: importPath, route_prefix: '/', args };
  return stringify({ applications: [application] }, { lineWidth: 0 });
}

/** Replicas that are asked for; `replicas` holds for prefill and decode where they say nothing themselves. */
export const askedReplicas = (spec: DeploymentSpec, role: LlmConfig['role']): number =>
  ({ worker: undefined, prefill: spec.prefillReplicas, decode: spec.decodeReplicas })[role] ?? spec.replicas ?? 1;

/** Replicas to write for a role. A stopped deployment (0) keeps 1, to come back with; `spec.suspend` stops it. */
export function replicasOf(spec: DeploymentSpec, role: LlmConfig['role']): number {
  return Math.max(1, askedReplicas(spec, role));
}
