import { createHash } from 'node:crypto';
import { booleanAt, entriesAt, type KubernetesObject, listAt, numberAt, textAt, valueAt } from '../../../kubernetes.ts';
import { isMap, textsAt } from '../objects.ts';

type Fields = Readonly<Record<string, unknown>>;

/** One component of a DynamoGraphDeployment, in whichever version it was written. */
export interface Component {
  readonly name: string;
  /** As the pods are labelled with it; '' where the object names none. */
  readonly type: string;
  readonly subType?: 'prefill' | 'decode';
  readonly replicas: number;
  readonly podTemplate: Fields;
  readonly scalingAdapter: boolean;
  readonly multinode: boolean;
  /** Its own part of the object, as its DynamoComponentDeployment repeats it. */
  readonly own: Fields;
}

const fields = (value: unknown): Fields => (isMap(value) ? value : {});
const phase = (text: string | undefined) => (text === 'prefill' || text === 'decode' ? text : undefined);
/** The object without what is empty: undefined, '' , {} and []. */
const compact = (given: Fields): Fields =>
  Object.fromEntries(
    Object.entries(given).filter(
      ([, value]) =>
        value !== undefined &&
        value !== '' &&
        !(Array.isArray(value) && value.length === 0) &&
        !(isMap(value) && Object.keys(value).length === 0),
    ),
  );

function fromV1beta1(component: unknown, env: readonly unknown[]): Component {
  const type = textAt(component, 'type') ?? '';
  const template = fields(valueAt(component, 'podTemplate'));
  const containers = listAt(template, 'spec', 'containers').map((container) =>
    textAt(container, 'name') === 'main' && env.length > 0
      ? { ...fields(container), env: [...env, ...listAt(container, 'env')] }
      : container,
  );
  return {
    name: textAt(component, 'name') ?? '',
    type,
    subType: phase(type),
    replicas: numberAt(component, 'replicas') ?? 1,
    podTemplate: { ...template, spec: { ...fields(valueAt(template, 'spec')), containers } },
    scalingAdapter: valueAt(component, 'scalingAdapter') !== undefined,
    multinode: valueAt(component, 'multinode') !== undefined,
    own: fields(component),
  };
}

const amounts = (value: unknown): Fields => {
  const { gpu, gpuType, custom, ...rest } = fields(value);
  const type = typeof gpuType === 'string' && gpuType !== '' ? gpuType : 'nvidia.com/gpu';
  return compact({ ...rest, ...(gpu === undefined ? {} : { [type]: gpu }), ...fields(custom) });
};

function fromV1alpha1(name: string, service: unknown, envs: readonly unknown[]): Component {
  const { mainContainer, containers, ...podSpec } = fields(valueAt(service, 'extraPodSpec'));
  const main = fields(mainContainer);
  const secret = textAt(service, 'envFromSecret');
  const container = compact({
    ...compact(main),
    name: 'main',
    env: [...envs, ...listAt(service, 'envs'), ...listAt(main, 'env')],
    envFrom: [...listAt(main, 'envFrom'), ...(secret === undefined ? [] : [{ secretRef: { name: secret } }])],
    resources: compact({
      limits: amounts(valueAt(service, 'resources', 'limits')),
      requests: amounts(valueAt(service, 'resources', 'requests')),
      ...compact(fields(main.resources)),
    }),
    livenessProbe: valueAt(service, 'livenessProbe'),
    readinessProbe: valueAt(service, 'readinessProbe'),
  });
  const metadata = compact({
    labels: { ...textsAt(service, 'labels'), ...textsAt(service, 'extraPodMetadata', 'labels') },
    annotations: { ...textsAt(service, 'annotations'), ...textsAt(service, 'extraPodMetadata', 'annotations') },
  });
  return {
    name,
    type: textAt(service, 'componentType') ?? '',
    subType: phase(textAt(service, 'subComponentType')),
    replicas: numberAt(service, 'replicas') ?? 1,
    podTemplate: {
      ...compact({ metadata }),
      spec: { ...podSpec, containers: [container, ...(Array.isArray(containers) ? containers : [])] },
    },
    scalingAdapter: booleanAt(service, 'scalingAdapter', 'enabled') ?? false,
    multinode: valueAt(service, 'multinode') !== undefined,
    own: fields(service),
  };
}

export const isV1alpha1 = ({ apiVersion }: KubernetesObject): boolean => apiVersion.endsWith('/v1alpha1');

/** The components of a graph, or the single one of a DynamoComponentDeployment's own spec. */
export function componentsOf(object: KubernetesObject): readonly Component[] {
  if (object.kind === 'DynamoComponentDeployment') {
    return [
      isV1alpha1(object)
        ? fromV1alpha1(textAt(object, 'spec', 'serviceName') ?? '', object.spec, [])
        : fromV1beta1(object.spec, []),
    ];
  }
  if (isV1alpha1(object)) {
    return entriesAt(object, 'spec', 'services').map(([name, service]) =>
      fromV1alpha1(name, service, listAt(object, 'spec', 'envs')),
    );
  }
  return listAt(object, 'spec', 'components').map((component) => fromV1beta1(component, listAt(object, 'spec', 'env')));
}

/** Components whose names carry the hash of what they run. */
export const isWorker = ({ type }: Component): boolean => ['worker', 'prefill', 'decode'].includes(type);

const withoutReplicas = ({ replicas, ...rest }: Fields): Fields => rest;

/** Eight hex digits that change with anything but replicas in any worker of the graph. */
export function workerHash(components: readonly Component[]): string {
  const workers = components.filter(isWorker).map((component) => withoutReplicas(component.own));
  return createHash('sha256').update(JSON.stringify(workers)).digest('hex').slice(0, 8);
}

/** The model that the graph's workers load, by the flags that the three engines know. */
export function modelOf(components: readonly Component[]): string | undefined {
  for (const { podTemplate } of components) {
    for (const container of listAt(podTemplate, 'spec', 'containers')) {
      const words = [...listAt(container, 'command'), ...listAt(container, 'args')].flatMap((word) =>
        typeof word === 'string' ? word.split(/\s+|=/) : [],
      );
      const flag = words.findIndex((word) => word === '--model' || word === '--model-path');
      if (flag >= 0 && words[flag + 1] !== undefined) return words[flag + 1];
    }
  }
  return undefined;
}
