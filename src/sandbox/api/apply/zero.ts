import type { JsonObject } from '../objects/json.ts';

const template = { metadata: {}, spec: { containers: [] } };

/** What a kind's Go type holds when nothing is set, beyond metadata: nobody adds these fields. */
const zeros: { readonly [kind: string]: JsonObject } = {
  Pod: { spec: { containers: [] } },
  'apps/Deployment': { spec: { strategy: {}, template } },
  'apps/ReplicaSet': { spec: { template } },
  'apps/StatefulSet': { spec: { template, updateStrategy: {} } },
  'apps/DaemonSet': { spec: { template, updateStrategy: {} } },
  'batch/Job': { spec: { template } },
  Service: { spec: {}, status: { loadBalancer: {} } },
  Namespace: { spec: {} },
  Node: { spec: {} },
  ResourceQuota: { spec: {} },
  LimitRange: { spec: {} },
  PersistentVolumeClaim: { spec: { resources: {} } },
};

/** The object that a new one of this kind is compared with. */
export function zeroOf(object: JsonObject): JsonObject {
  const [group = '', version] = String(object.apiVersion).split('/');
  return { metadata: {}, ...zeros[version === undefined ? String(object.kind) : `${group}/${object.kind}`] };
}
