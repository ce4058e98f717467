import type { KubernetesObject } from '../../kubernetes.ts';
import { timestamp } from '../controllers/objects.ts';

/** A machine, by the words of NVIDIA's GPU feature discovery. */
export interface Machine {
  readonly name: string;
  readonly gpus: number;
  readonly product: string;
  /** GPU memory in MiB. */
  readonly memory: number;
  readonly family: string;
  readonly cpu: number;
  readonly ram: string;
}

export const h100 = (index: number): Machine => ({
  name: `gpu-h100-${index}`,
  gpus: 8,
  product: 'NVIDIA-H100-80GB-HBM3',
  memory: 81559,
  family: 'hopper',
  cpu: 192,
  ram: '2048Gi',
});

export const l40s = (index: number): Machine => ({
  name: `gpu-l40s-${index}`,
  gpus: 4,
  product: 'NVIDIA-L40S',
  memory: 46068,
  family: 'ada-lovelace',
  cpu: 96,
  ram: '768Gi',
});

export const l4 = (index: number): Machine => ({
  name: `gpu-l4-${index}`,
  gpus: 1,
  product: 'NVIDIA-L4',
  memory: 23034,
  family: 'ada-lovelace',
  cpu: 32,
  ram: '128Gi',
});

/** The Node of a machine, ready. Its kubelet is simulated. */
export function node(machine: Machine, index: number, kubeletVersion: string, now: Date): KubernetesObject {
  const resources = {
    cpu: String(machine.cpu),
    memory: machine.ram,
    'ephemeral-storage': '1000Gi',
    pods: '110',
    'nvidia.com/gpu': String(machine.gpus),
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: machine.name,
      annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/os': 'linux',
        'kubernetes.io/hostname': machine.name,
        'nvidia.com/gpu.present': 'true',
        'nvidia.com/gpu.count': String(machine.gpus),
        'nvidia.com/gpu.product': machine.product,
        'nvidia.com/gpu.memory': String(machine.memory),
        'nvidia.com/gpu.family': machine.family,
        'nvidia.com/gpu.replicas': '1',
        'nvidia.com/mig.capable': machine.family === 'hopper' ? 'true' : 'false',
        'nvidia.com/cuda.driver.major': '580',
      },
    },
    spec: {},
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: 'InternalIP', address: `10.0.1.${index + 10}` },
        { type: 'Hostname', address: machine.name },
      ],
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          message: 'kubelet is posting ready status',
          lastHeartbeatTime: timestamp(now),
          lastTransitionTime: timestamp(now),
        },
      ],
      nodeInfo: {
        architecture: 'amd64',
        operatingSystem: 'linux',
        osImage: 'Ubuntu 24.04.3 LTS',
        kernelVersion: '6.8.0-85-generic',
        containerRuntimeVersion: 'containerd://2.1.4',
        kubeletVersion,
        kubeProxyVersion: '',
        bootID: '',
        machineID: machine.name,
        systemUUID: machine.name,
      },
    },
  };
}
