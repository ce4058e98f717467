import { parse } from 'yaml';
import { entriesAt, listAt, numberAt, textAt, valueAt } from '../../kubernetes.ts';
import { quantity } from '../controllers/quantity.ts';

interface ServeDeployment {
  readonly name: string;
  readonly replicas: number;
  /** GPUs of one replica. */
  readonly gpus: number;
}

export interface ServeApplication {
  readonly name: string;
  readonly deployments: readonly ServeDeployment[];
  /** The names by which clients ask for its models. */
  readonly models: readonly string[];
  /** `engine_kwargs` of its first model. */
  readonly engine: unknown;
}

/** How Ray Serve writes a model's id in the name of a deployment. */
const escaped = (model: string): string => model.replaceAll('/', '--').replaceAll('.', '_');

function llm(config: unknown, prefix: string): ServeDeployment & { readonly model: string; readonly engine: unknown } {
  const model = textAt(config, 'model_loading_config', 'model_id') ?? 'model';
  const engine = valueAt(config, 'engine_kwargs');
  const parallel = (name: string) => quantity(valueAt(engine, name)) || 1;
  const scaling = valueAt(config, 'deployment_config', 'autoscaling_config');
  return {
    model,
    engine,
    name: `${prefix}${escaped(model)}`,
    replicas: numberAt(scaling, 'min_replicas') ?? numberAt(config, 'deployment_config', 'num_replicas') ?? 1,
    gpus: parallel('tensor_parallel_size') * parallel('pipeline_parallel_size'),
  };
}

function application(config: unknown): ServeApplication {
  const args = valueAt(config, 'args');
  const aggregated = listAt(args, 'llm_configs').map((entry) => llm(entry, 'LLMServer:'));
  const apart = [
    { config: valueAt(args, 'prefill_config'), prefix: 'Prefill:' },
    { config: valueAt(args, 'decode_config'), prefix: 'Decode:' },
  ].flatMap((side) => (side.config === undefined ? [] : [llm(side.config, side.prefix)]));
  const models = [...aggregated, ...apart];
  const ingress = apart.length > 0 ? ['PDProxyServer', 'OpenAiIngress'] : models.length > 0 ? ['OpenAiIngress'] : [];
  const plain = listAt(config, 'deployments').map((entry) => textAt(entry, 'name') ?? 'deployment');
  return {
    name: textAt(config, 'name') ?? 'default',
    deployments: [...models, ...[...ingress, ...plain].map((name) => ({ name, replicas: 1, gpus: 0 }))],
    models: [...new Set(models.map(({ model }) => model))],
    engine: models[0]?.engine,
  };
}

/** Reads `serveConfigV2`; throws what a YAML parser says about text that is none. */
export function parseServeConfig(text: string): readonly ServeApplication[] {
  const config: unknown = parse(text);
  if (entriesAt(config).length === 0)
    throw new Error('cannot unmarshal string into Go value of type map[string]interface {}');
  return listAt(config, 'applications').map(application);
}
