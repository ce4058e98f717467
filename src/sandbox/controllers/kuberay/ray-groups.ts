import { booleanAt, type KubernetesObject, listAt, numberAt, textAt, valueAt } from '../../../kubernetes.ts';
import { requestsOf } from '../pods.ts';

export const headPorts = { client: 10001, dashboard: 8265, 'gcs-server': 6379, metrics: 8080, serve: 8000 } as const;

/** The named ports of the head: those that its container declares, or all five. */
export function portsOf(cluster: KubernetesObject): readonly { readonly name: string; readonly port: number }[] {
  const declared = listAt(cluster, 'spec', 'headGroupSpec', 'template', 'spec', 'containers', 0, 'ports');
  if (declared.length === 0) return Object.entries(headPorts).map(([name, port]) => ({ name, port }));
  return declared
    .map((entry) => ({ name: textAt(entry, 'name') ?? '', port: numberAt(entry, 'containerPort') ?? 0 }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

export interface WorkerGroup {
  readonly name: string;
  readonly group: unknown;
  /** Pods that it should have. */
  readonly pods: number;
  /** Pods of one replica. */
  readonly hosts: number;
  readonly least: number;
  readonly most: number;
}

/** The worker groups with the number of pods that each asks for; groups of one name share theirs. */
export function workerGroups(cluster: KubernetesObject): readonly WorkerGroup[] {
  const suspended = booleanAt(cluster, 'spec', 'suspend') ?? false;
  return listAt(cluster, 'spec', 'workerGroupSpecs').map((group) => {
    const hosts = numberAt(group, 'numOfHosts') ?? 1;
    const least = numberAt(group, 'minReplicas') ?? 0;
    const most = numberAt(group, 'maxReplicas') ?? 2147483647;
    const asked = Math.min(Math.max(numberAt(group, 'replicas') ?? least, least), most);
    return {
      name: textAt(group, 'groupName') ?? '',
      group,
      hosts,
      pods: suspended || (booleanAt(group, 'suspend') ?? false) ? 0 : asked * hosts,
      least: least * hosts,
      most: Math.min(most * hosts, 2147483647),
    };
  });
}

/** CPU, memory and GPUs that head and workers ask for in all. */
export function desired(cluster: KubernetesObject): Readonly<Record<'cpu' | 'memory' | 'gpu', number>> {
  const total = { cpu: 0, memory: 0, gpu: 0 };
  const add = (group: unknown, times: number) => {
    for (const container of listAt(group, 'template', 'spec', 'containers')) {
      const asked = requestsOf(container);
      total.cpu += (asked.cpu ?? 0) * times;
      total.memory += (asked.memory ?? 0) * times;
      total.gpu += (asked['nvidia.com/gpu'] ?? 0) * times;
    }
  };
  add(valueAt(cluster, 'spec', 'headGroupSpec'), 1);
  for (const { group } of workerGroups(cluster)) {
    add(group, (numberAt(group, 'replicas') ?? 0) * (numberAt(group, 'numOfHosts') ?? 1));
  }
  return total;
}

export const hasPort = (cluster: KubernetesObject, name: string): boolean =>
  portsOf(cluster).some((port) => port.name === name || port.name.startsWith(`${name}-`));

/** The place of a worker pod in its group. `name` is shared by the hosts of one replica, where it has several. */
export interface Slot {
  readonly replica: number;
  readonly host?: { readonly index: number; readonly name: string };
}

const replicaIndex = 'ray.io/worker-group-replica-index';
const hostIndex = 'ray.io/replica-host-index';
const replicaName = 'ray.io/worker-group-replica-name';

export const slotLabels = ({ replica, host }: Slot): Readonly<Record<string, string>> => ({
  [replicaIndex]: String(replica),
  ...(host === undefined ? {} : { [hostIndex]: String(host.index), [replicaName]: host.name }),
});

/** The slots of a group that no worker holds. */
export function freeSlots(
  { name, pods, hosts }: WorkerGroup,
  workers: readonly KubernetesObject[],
  suffix: () => string,
): readonly Slot[] {
  const slots: Slot[] = [];
  for (let replica = 0; replica * hosts < pods; replica += 1) {
    const mine = workers.filter((pod) => pod.metadata.labels?.[replicaIndex] === String(replica));
    const shared = mine[0]?.metadata.labels?.[replicaName] ?? `${name}-${suffix()}`;
    for (let host = 0; host < hosts; host += 1) {
      if (mine.some((pod) => (pod.metadata.labels?.[hostIndex] ?? '0') === String(host))) continue;
      slots.push(hosts === 1 ? { replica } : { replica, host: { index: host, name: shared } });
    }
  }
  return slots.slice(0, Math.max(0, pods - workers.length));
}
