import { type KubernetesObject, listAt, textAt, valueAt } from '../../../kubernetes.ts';
import { isMap, ownedBy, textsAt } from '../objects.ts';
import { requestsOf } from '../pods.ts';
import { headPorts, type Slot, slotLabels } from './ray-groups.ts';

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (isMap(value) ? value : {});

const env = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

/** The `ray start` line, with what the container's limits say about resources. */
function rayStart(group: unknown, container: unknown, first: string): string {
  const asked = requestsOf(container);
  const known: Record<string, string> = { 'dashboard-agent-listen-port': '52365', 'metrics-export-port': '8080' };
  if (asked.memory !== undefined) known.memory = String(asked.memory);
  if (asked.cpu !== undefined) known['num-cpus'] = String(Math.ceil(asked.cpu));
  const gpus = asked['nvidia.com/gpu'];
  if (gpus !== undefined && gpus > 0) known['num-gpus'] = String(gpus);
  const flags = Object.entries({ ...known, ...textsAt(group, 'rayStartParams') }).sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  return `ray start  ${first}  --block  ${flags.map(([name, value]) => `--${name}=${value}`).join('  ')} `;
}

interface Kind {
  readonly node: 'head' | 'worker';
  readonly group: string;
  readonly serve: string | undefined;
  readonly slot?: Slot;
}

function pod(
  cluster: KubernetesObject,
  group: unknown,
  kind: Kind,
  name: string,
  container: Fields,
  more: Fields,
): KubernetesObject {
  const template = valueAt(group, 'template');
  const spec = fields(valueAt(template, 'spec'));
  const memory = valueAt(container, 'resources', 'limits', 'memory');
  const prefix =
    kind.node === 'head'
      ? `${cluster.metadata.name}-head-`
      : `${cluster.metadata.name}-${kind.group.toLowerCase()}-worker-`;
  const annotations = textsAt(template, 'metadata', 'annotations');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: prefix,
      name: `${prefix}${name}`,
      namespace: cluster.metadata.namespace,
      labels: {
        'app.kubernetes.io/created-by': 'kuberay-operator',
        'app.kubernetes.io/name': 'kuberay',
        ...textsAt(template, 'metadata', 'labels'),
        'ray.io/cluster': cluster.metadata.name,
        'ray.io/group': kind.group,
        'ray.io/identifier': `${cluster.metadata.name}-${kind.node}`,
        'ray.io/is-ray-node': 'yes',
        'ray.io/node-type': kind.node,
        ...(kind.serve === undefined ? {} : { 'ray.io/serve': kind.serve }),
        ...(kind.slot === undefined ? {} : slotLabels(kind.slot)),
      },
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ownerReferences: ownedBy(cluster),
    },
    spec: {
      ...spec,
      ...more,
      containers: [
        {
          imagePullPolicy: 'IfNotPresent',
          ...container,
          volumeMounts: [...listAt(container, 'volumeMounts'), { name: 'shared-mem', mountPath: '/dev/shm' }],
        },
        ...listAt(spec, 'containers').slice(1),
      ],
      volumes: [
        ...listAt(spec, 'volumes'),
        { name: 'shared-mem', emptyDir: { medium: 'Memory', ...(memory === undefined ? {} : { sizeLimit: memory }) } },
      ],
    },
  };
}

const command = ['/bin/bash', '-c', '--'];

/** The pod of the cluster's head, behind no serve Service as yet. `ofService`: whether a RayService owns the cluster. */
export function headPod(cluster: KubernetesObject, ofService: boolean, suffix: string): KubernetesObject {
  const group = valueAt(cluster, 'spec', 'headGroupSpec');
  const given = fields(listAt(group, 'template', 'spec', 'containers')[0]);
  const start = rayStart(group, given, '--head');
  const container = {
    ...given,
    command,
    args: [`ulimit -n 65536; ${start}`],
    env: [
      ...listAt(given, 'env'),
      ...env({ KUBERAY_GEN_RAY_START_CMD: start, RAY_PORT: '6379', RAY_ADDRESS: '127.0.0.1:6379' }),
    ],
    ports:
      listAt(given, 'ports').length > 0
        ? listAt(given, 'ports')
        : Object.entries(headPorts).map(([name, containerPort]) => ({ name, containerPort, protocol: 'TCP' })),
    readinessProbe: {
      httpGet: { path: '/api/healthz', port: 52365 },
      initialDelaySeconds: 10,
      periodSeconds: 5,
      failureThreshold: 10,
    },
  };
  const kind: Kind = { node: 'head', group: 'headgroup', serve: ofService ? 'false' : undefined };
  return pod(cluster, group, kind, suffix, container, {});
}

/** A pod of a worker group, with the init container that waits for the head. */
export function workerPod(
  cluster: KubernetesObject,
  group: unknown,
  serves: boolean,
  slot: Slot,
  suffix: string,
): KubernetesObject {
  const given = fields(listAt(group, 'template', 'spec', 'containers')[0]);
  const address = `${cluster.metadata.name}-head-svc.${cluster.metadata.namespace}.svc.cluster.local`;
  const start = rayStart(group, given, `--address=${address}:6379`);
  const healthy = 'wget --tries 1 -T 2 -q -O- http://localhost:52365/api/local_raylet_healthz | grep success';
  const serving = 'wget --tries 1 -T 10 -q -O- http://localhost:8000/-/healthz | grep success';
  const check = serves ? `${healthy} && ${serving}` : healthy;
  const container = {
    ...given,
    command,
    args: [`ulimit -n 65536; ${start}`],
    env: [
      ...listAt(given, 'env'),
      ...env({
        FQ_RAY_IP: address,
        RAY_IP: `${cluster.metadata.name}-head-svc`,
        KUBERAY_GEN_RAY_START_CMD: start,
        RAY_PORT: '6379',
        RAY_ADDRESS: `${address}:6379`,
      }),
    ],
    ports:
      listAt(given, 'ports').length > 0
        ? listAt(given, 'ports')
        : [{ name: 'metrics', containerPort: 8080, protocol: 'TCP' }],
    readinessProbe: {
      exec: { command: ['bash', '-c', check] },
      initialDelaySeconds: 10,
      periodSeconds: 5,
      failureThreshold: 1,
    },
  };
  const small = { cpu: '200m', memory: '256Mi' };
  const waits = {
    name: 'wait-gcs-ready',
    image: textAt(given, 'image') ?? '',
    imagePullPolicy: 'IfNotPresent',
    command,
    args: [`until ray health-check --address ${address}:6379; do sleep 5; done`],
    resources: { limits: small, requests: small },
  };
  const initContainers = [...listAt(group, 'template', 'spec', 'initContainers'), waits];
  const kind: Kind = {
    node: 'worker',
    group: textAt(group, 'groupName') ?? '',
    serve: serves ? 'true' : undefined,
    slot,
  };
  return pod(cluster, group, kind, suffix, container, { initContainers });
}
