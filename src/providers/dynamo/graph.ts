import { booleanAt, entriesAt, type KubernetesObject, listAt, textAt, valueAt } from '../../kubernetes.ts';
import { gpuCount, gpusOf } from '../pods.ts';
import type { Role } from '../spec.ts';
import { flagValue, tokensOf } from './command-line.ts';

/** One component of a DynamoGraphDeployment, whichever API version wrote it. */
export interface GraphComponent {
  readonly name: string;
  /** Its v1beta1 type, whichever version wrote it; others write values of their own. */
  readonly type: string | undefined;
  /** What its pods do; null for planners, endpoint pickers and everything else that serves no model. */
  readonly role: Role | null;
  /** Model or frontend replicas asked for; null where that cannot be read. */
  readonly replicas: number | null;
  /** Pods that make up one replica: the nodes of a multinode component. */
  readonly nodes: number;
  /** A scaling adapter owns the replicas. */
  readonly scaled: boolean;
  readonly image: string | undefined;
  /** Command and arguments of the main container as words. */
  readonly tokens: readonly string[];
  readonly workingDirectory: string;
  readonly environment: ReadonlyMap<string, string>;
  /** GPUs of one replica, on all its nodes; null where that cannot be read. */
  readonly gpus: number | null;
}

export interface Graph {
  /** In the order of the spec. */
  readonly components: readonly GraphComponent[];
  readonly framework: string | undefined;
  /** What has another type than the API says, as sentences that name the path. */
  readonly unreadable: readonly string[];
}

interface Source {
  readonly path: string;
  readonly name: string;
  readonly type: string | undefined;
  readonly body: unknown;
  readonly container: unknown;
  readonly gpus: number | null;
  readonly scaled: boolean;
  readonly environments: readonly (readonly unknown[])[];
}

/** `multinode` without a count (CRD default of operator 1.5). */
const defaultNodes = 2;

/** Says what is wrong with a value of another type than wanted. */
export const misfit = (path: string, value: unknown, wanted: string): string =>
  `${path} is ${JSON.stringify(value)?.slice(0, 60) ?? 'missing'}, not ${wanted}`;

export const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a DynamoGraphDeployment of any API version and age. Never throws: what cannot be read is named. */
export function readGraph(primary: KubernetesObject): Graph {
  const { sources, unreadable } = sourcesOf(primary);
  const problems = [...unreadable];
  const shared = [...listAt(primary, 'spec', 'env'), ...listAt(primary, 'spec', 'envs')];
  const components = sources.map((source) => {
    const replicas = countAt(source, ['replicas'], problems);
    const multinode = isMap(valueAt(source.body, 'multinode'));
    const nodes = multinode ? (countAt(source, ['multinode', 'nodeCount'], problems) ?? defaultNodes) : 1;
    const tokens = tokensOf(source.container);
    return {
      name: source.name,
      type: source.type,
      role: roleOf(source, tokens),
      replicas: replicas === undefined ? 1 : replicas,
      nodes: Math.max(1, nodes),
      scaled: source.scaled,
      image: textAt(source.container, 'image'),
      tokens,
      workingDirectory: textAt(source.container, 'workingDir') ?? '',
      environment: environmentOf([shared, ...source.environments]),
      gpus: source.gpus === null ? null : source.gpus * Math.max(1, nodes),
    };
  });
  return {
    components: withDecode(components),
    framework: textAt(primary, 'spec', 'backendFramework'),
    unreadable: problems,
  };
}

function sourcesOf(primary: KubernetesObject): {
  readonly sources: readonly Source[];
  readonly unreadable: readonly string[];
} {
  const { spec } = primary;
  if (!isMap(spec)) return { sources: [], unreadable: [misfit('spec', spec, 'an object')] };
  const components = valueAt(spec, 'components');
  const services = valueAt(spec, 'services');
  if (components !== undefined && !Array.isArray(components)) {
    return { sources: [], unreadable: [misfit('spec.components', components, 'a list')] };
  }
  if (components === undefined && services !== undefined && !isMap(services)) {
    return { sources: [], unreadable: [misfit('spec.services', services, 'an object')] };
  }
  const unreadable: string[] = [];
  const entries =
    components === undefined
      ? entriesAt(services).map(([name, body]) => ({ path: `spec.services.${name}`, name, body }))
      : listAt(components).map((body, index) => ({
          path: `spec.components[${index}]`,
          name: textAt(body, 'name') ?? '',
          body,
        }));
  const sources = entries.flatMap(({ path, name, body }): readonly Source[] => {
    if (!isMap(body)) {
      unreadable.push(misfit(path, body, 'an object'));
      return [];
    }
    if (name === '') {
      unreadable.push(misfit(`${path}.name`, valueAt(body, 'name'), 'a name'));
      return [];
    }
    const typed = components === undefined ? 'componentType' : 'type';
    const type = valueAt(body, typed);
    if (type !== undefined && typeof type !== 'string') unreadable.push(misfit(`${path}.${typed}`, type, 'a string'));
    return [components === undefined ? alphaSource(path, name, body) : betaSource(path, name, body)];
  });
  return { sources, unreadable };
}

/** v1beta1: a list of components with a pod template each. */
function betaSource(path: string, name: string, body: unknown): Source {
  const container = listAt(body, 'podTemplate', 'spec', 'containers').find(
    (candidate) => textAt(candidate, 'name') === 'main',
  );
  return {
    path,
    name,
    type: textAt(body, 'type'),
    body,
    container,
    gpus: gpusOf(container),
    scaled: isMap(valueAt(body, 'scalingAdapter')),
    environments: [listAt(container, 'env')],
  };
}

/** As the operator converts it (1.5): the second field, which tells the halves of a disaggregated graph apart, is the type. */
function alphaType(body: unknown): string | undefined {
  const type = textAt(body, 'componentType');
  const half = textAt(body, 'subComponentType');
  const halved = type === undefined || type === '' || type === 'worker';
  return halved && (half === 'prefill' || half === 'decode') ? half : type;
}

/** v1alpha1 and older: a map of services, GPUs under a short name and as text. */
function alphaSource(path: string, name: string, body: unknown): Source {
  const container = valueAt(body, 'extraPodSpec', 'mainContainer');
  const gpu = valueAt(body, 'resources', 'limits', 'gpu') ?? valueAt(body, 'resources', 'requests', 'gpu');
  return {
    path,
    name,
    type: alphaType(body),
    body,
    container,
    gpus: gpu === undefined ? gpusOf(container) : gpuCount(gpu),
    scaled: booleanAt(body, 'scalingAdapter', 'enabled') === true,
    environments: [listAt(body, 'envs'), listAt(container, 'env')],
  };
}

/** A whole number of the spec: undefined where it is not said, null (and a problem) where it is something else. */
function countAt({ body, path }: Source, field: readonly string[], problems: string[]): number | null | undefined {
  const value = valueAt(body, ...field);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  problems.push(misfit([path, ...field].join('.'), value, 'a whole number'));
  return null;
}

function environmentOf(lists: readonly (readonly unknown[])[]): ReadonlyMap<string, string> {
  const entries = lists.flat().flatMap((variable) => {
    const name = textAt(variable, 'name');
    const value = textAt(variable, 'value');
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return new Map(entries);
}

/** Types of components that run no model. */
const apart: ReadonlySet<string> = new Set(['planner', 'epp', 'router', 'profiler']);

/** As the operator labels what has no type. */
const working: ReadonlySet<string> = new Set(['', 'worker', 'default']);

/**
 * Until 1.3 both halves of a disaggregated graph could have type worker, told apart by flags. v1alpha1 takes any word for a type:
 * what holds GPUs then works.
 */
function roleOf({ name, type, gpus }: Source, tokens: readonly string[]): Role | null {
  const kind = (type ?? '').toLowerCase();
  if (kind === 'frontend' || kind === 'prefill' || kind === 'decode') return kind;
  // Until 0.5 the component that took the requests had type main.
  if (kind === 'main') return /front/i.test(name) ? 'frontend' : 'worker';
  if (apart.has(kind) || !(working.has(kind) || (gpus ?? 0) > 0)) return null;
  const half = flagValue(tokens, ['--disaggregation-mode']);
  if (half === 'prefill' || half === 'decode') return half;
  if (tokens.includes('--is-prefill-worker')) return 'prefill';
  if (tokens.includes('--is-decode-worker')) return 'decode';
  return 'worker';
}

/** A plain worker beside prefill workers is what decodes. */
function withDecode(components: readonly GraphComponent[]): readonly GraphComponent[] {
  const roles = new Set(components.map((component) => component.role));
  if (!roles.has('prefill') || roles.has('decode')) return components;
  return components.map((component) => (component.role === 'worker' ? { ...component, role: 'decode' } : component));
}
