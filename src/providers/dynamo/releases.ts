import type { Chart, Release } from '../releases.ts';
import type { Engine } from '../spec.ts';

const registry = 'nvcr.io/nvidia/ai-dynamo';

const imageNames = {
  vllm: 'vllm-runtime',
  sglang: 'sglang-runtime',
  trtllm: 'tensorrtllm-runtime',
} as const satisfies Readonly<Record<Engine, string>>;

/** The runtime image of an engine in one release: tags are the release, without a leading v. */
export const runtimeImage = (engine: Engine, version: string): string => `${registry}/${imageNames[engine]}:${version}`;

const release = (version: string, more: Pick<Release, 'upgrade' | 'volume'> = {}): Release => ({
  version,
  ...more,
  operator: `${registry}/kubernetes-operator:${version}`,
  // The chart's kubeVersion.
  kubernetes: '1.30',
});

/** On by default until 1.4, with a claim for JetStream's files that names no StorageClass (the chart's values). */
const volume = 'NATS';

/** Chart and image version that is installed unless another one is asked for. */
export const defaultVersion = '1.6.1';

/** The last patch release of every minor that KubeFoundry installs, by NVIDIA's release notes. */
export const chart: Chart = {
  title: 'NVIDIA Dynamo',
  chart: 'dynamo-platform',
  repository: 'https://helm.ngc.nvidia.com/nvidia/ai-dynamo',
  releases: [
    release('1.0.2', { volume }),
    release('1.1.1', { volume }),
    release('1.2.1', { volume }),
    release('1.3.1', { volume, upgrade: '1.3 drops the CUDA 12 images: nodes need driver 580 or newer.' }),
    release('1.4.2', {
      upgrade:
        '1.4 turns NATS off by default, which restarts the pods of every deployment once, and refuses images without a version in their tag.',
    }),
    release('1.5.1', { upgrade: '1.5 stores DynamoGraphDeployments as v1beta1 and drops DynamoCheckpoint.' }),
    release(defaultVersion),
  ],
};
