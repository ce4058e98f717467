import { packerOf, primaryPacker, unpack } from '../../src/foundry/packed.ts';
import { groupOf, type KubernetesObject } from '../../src/kubernetes.ts';
import type { Provider, Snapshot } from '../../src/providers/provider.ts';

/** A snapshot of what live views keep of its objects. */
export function keptOf(provider: Provider, { primary, objects, ...rest }: Snapshot): Snapshot {
  const keptBelow = (object: KubernetesObject) =>
    unpack(packerOf(provider, { group: groupOf(object.apiVersion), kind: object.kind })(object));
  return { ...rest, primary: unpack(primaryPacker()(primary)), objects: objects.map(keptBelow) };
}

/** All that a row is made of. */
export const rowOf = (provider: Provider, snapshot: Snapshot) => ({
  status: provider.reading.status(snapshot),
  endpoint: provider.reading.endpoint(snapshot),
  parsed: provider.deploying.parse(snapshot.primary),
  pods: provider.reading.pods(snapshot).map(({ pod, role }) => ({ name: pod.metadata.name, role })),
});
