import type { Chart, Release } from '../releases.ts';

/** Ray versions whose `rayproject/ray-llm` image is known, newest first. The suffix changes with Ray's minor version, so it is never computed. */
export const rayLlmTags = {
  '2.58.0': '2.58.0-py312-cu130',
  '2.56.0': '2.56.0-py312-cu130',
  '2.55.0': '2.55.0-py311-cu128',
  '2.54.0': '2.54.0-py311-cu128',
  '2.53.0': '2.53.0-py311-cu128',
  '2.52.0': '2.52.0-py311-cu128',
} as const satisfies Readonly<Record<string, string>>;

export const rayLlmRepository = 'rayproject/ray-llm';

/** Every operator since 1.3 serves Ray 2.38 and newer, so that all take the same image. */
export const defaultRayVersion = '2.58.0';

export const defaultImage = `${rayLlmRepository}:${rayLlmTags[defaultRayVersion]}`;

const release = (version: string): Release => ({
  version,
  operator: `quay.io/kuberay/operator:v${version}`,
  // https://ray-project.github.io/kuberay/deploy/installation
  kubernetes: '1.23',
});

/** The chart's version that is installed unless another is asked for. */
export const defaultVersion = '1.7.0';

export const defaultNamespace = 'kuberay-system';

/** All releases serve the same version of the CRDs. */
export const skipsMinors = true;

/** Releases whose RayServices we have seen working. */
export const chart: Chart = {
  title: 'KubeRay',
  chart: 'kuberay-operator',
  repository: 'https://ray-project.github.io/kuberay-helm/',
  releases: [release('1.6.0'), release('1.6.1'), release('1.6.2'), release(defaultVersion)],
};
