import { type KubernetesObject, listAt, textAt, valueAt } from '../../kubernetes.ts';
import { type AskedSpec, askable } from '../asked.ts';
import { splitImage } from '../image.ts';
import { flagValue } from './command-line.ts';
import { flagsIn } from './engine-flags.ts';
import { contextFlag, launch, quantizationFlag, trustsRemoteCode } from './engines.ts';
import { type GraphComponent, readGraph } from './graph.ts';
import { modeOf, parse } from './parse.ts';
import { runtimeImage } from './releases.ts';

/** What to ask for to get such a graph again. The first worker of each role speaks for its role. */
export function asked(primary: KubernetesObject): AskedSpec {
  const { components } = readGraph(primary);
  const of = (role: GraphComponent['role']) => components.find((component) => component.role === role);
  const { model, servedModelName, engine, image } = parse(primary);
  const mode = modeOf(readGraph(primary));
  const main = mode === 'disaggregated' ? (of('decode') ?? of('prefill')) : of('worker');
  const tokens = main?.tokens ?? [];
  const flag = (name: string | undefined) => (name === undefined ? undefined : flagValue(tokens, [name]));
  const container = main && containerOf(primary, main.name);
  const known = askable({
    model,
    engine,
    mode,
    servedModelName: servedModelName === model ? undefined : servedModelName,
    gpus: main?.nodes === 1 ? main.gpus : undefined,
    ...(mode === 'disaggregated'
      ? { prefillReplicas: of('prefill')?.replicas, decodeReplicas: of('decode')?.replicas }
      : { replicas: main?.replicas }),
    router: of('frontend')?.environment.get('DYN_ROUTER_MODE'),
    contextLength: engine && Number(flag(contextFlag(engine))),
    quantization: engine && flag(quantizationFlag(engine)),
    trustRemoteCode: (engine && trustsRemoteCode(tokens)) || undefined,
    image: image !== null && engine && isStandard(image, engine) ? undefined : image,
    ...container,
  });
  if (!engine || !main?.role || main.role === 'frontend' || main.role === 'head') return known;
  // Flags that follow from the other fields are asked for by these.
  const spec = { ...known, name: '', namespace: '', runtime: 'dynamo' as const, model: model ?? '' };
  const own = launch(spec, engine, main.role, undefined).args;
  return { ...known, ...askable({ engineArgs: flagsIn(engine, tokens, own) }) };
}

/** The runtime's own image of a release: that of the operator which is installed then takes its place. A nightly was chosen. */
function isStandard(image: string, engine: Parameters<typeof runtimeImage>[0]): boolean {
  const { tag = '' } = splitImage(image);
  return /^\d+\.\d+\.\d+(?:[.-](?:post|rc)\.?\d+)?$/.test(tag) && image === runtimeImage(engine, tag);
}

/** What a component says of its pods, whichever API version wrote it. */
function containerOf(primary: KubernetesObject, name: string) {
  const beta = listAt(primary, 'spec', 'components').find((component) => textAt(component, 'name') === name);
  const body = beta ?? valueAt(primary, 'spec', 'services', name);
  const pod = beta === undefined ? valueAt(body, 'extraPodSpec') : valueAt(body, 'podTemplate', 'spec');
  const main = listAt(pod, 'containers').find((container) => textAt(container, 'name') === 'main');
  const limits = valueAt(beta === undefined ? body : main, 'resources', 'limits');
  return {
    cpu: valueAt(limits, 'cpu'),
    memory: valueAt(limits, 'memory'),
    nodeSelector: valueAt(pod, 'nodeSelector'),
    tolerations: valueAt(pod, 'tolerations'),
    hfTokenSecret: textAt(body, 'envFromSecret') ?? textAt(main, 'envFrom', 0, 'secretRef', 'name'),
  };
}
