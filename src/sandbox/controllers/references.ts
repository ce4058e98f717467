import { booleanAt, type KubernetesObject, listAt, textAt, valueAt } from '../../kubernetes.ts';
import { containersOf, initContainersOf } from './pods.ts';
import type { World } from './world.ts';

const kinds = {
  Secret: { resource: { group: '', kind: 'Secret' }, word: 'secret' },
  ConfigMap: { resource: { group: '', kind: 'ConfigMap' }, word: 'configmap' },
} as const;

/** What is said of a Secret or ConfigMap, or of a key of it, that is not there; undefined where it is, or need not be. */
function lacking(
  world: World,
  namespace: string,
  kind: keyof typeof kinds,
  source: unknown,
  field: 'name' | 'secretName' = 'name',
): string | undefined {
  const name = textAt(source, field);
  if (name === undefined || booleanAt(source, 'optional') === true) return undefined;
  const { resource, word } = kinds[kind];
  const object = world.cache(resource).get(namespace, name);
  if (object === undefined) return `${word} "${name}" not found`;
  const key = textAt(source, 'key');
  const found = [valueAt(object, 'data'), valueAt(object, 'binaryData')].some(
    (data) => key !== undefined && valueAt(data, key) !== undefined,
  );
  return key === undefined || found ? undefined : `couldn't find key ${key} in ${kind} ${namespace}/${name}`;
}

const first = <Item>(items: readonly Item[], about: (item: Item) => string | undefined): string | undefined => {
  for (const item of items) {
    const words = about(item);
    if (words !== undefined) return words;
  }
  return undefined;
};

/** Why the kubelet cannot make the environment of a container, in its words. */
export function missingReference(world: World, pod: KubernetesObject): string | undefined {
  const { namespace = '' } = pod.metadata;
  const containers = [...initContainersOf(pod), ...containersOf(pod)];
  const whole = containers.flatMap((container) => listAt(container, 'envFrom'));
  const single = containers.flatMap((container) => listAt(container, 'env')).map((each) => valueAt(each, 'valueFrom'));
  return first([...whole, ...single], (source) =>
    first(
      [
        ['Secret', valueAt(source, 'secretRef') ?? valueAt(source, 'secretKeyRef')] as const,
        ['ConfigMap', valueAt(source, 'configMapRef') ?? valueAt(source, 'configMapKeyRef')] as const,
      ],
      ([kind, reference]) => lacking(world, namespace, kind, reference),
    ),
  );
}

/** Why a volume cannot be mounted, in the words of a FailedMount event. */
export function unmountedVolume(world: World, pod: KubernetesObject): string | undefined {
  const { namespace = '' } = pod.metadata;
  return first(listAt(pod, 'spec', 'volumes'), (volume) => {
    const words =
      lacking(world, namespace, 'Secret', valueAt(volume, 'secret'), 'secretName') ??
      lacking(world, namespace, 'ConfigMap', valueAt(volume, 'configMap'));
    return words && `MountVolume.SetUp failed for volume "${textAt(volume, 'name')}" : ${words}`;
  });
}
