import type { ObjectReference } from '../kubernetes.ts';
import { listed } from './listed.ts';
import type { Facts, InstallationState, Step } from './provider.ts';
import { type Chart, knownRelease } from './releases.ts';
import { compareVersions, parseVersion } from './semantic-version.ts';

export interface Checked {
  readonly steps: readonly Step[];
  readonly blockers: readonly string[];
  readonly warnings: readonly string[];
}

/** What can be told from the facts alone before a version is installed: Kubernetes is new enough, there are GPUs. */
export function checkCluster(facts: Facts, chart: Chart, version: string): Checked {
  const oldest = (knownRelease(chart, version) ?? chart.releases.at(-1))?.kubernetes ?? '1.0';
  const [wanted, server] = [parseVersion(`${oldest}.0`), parseVersion(facts.serverVersion ?? '')];
  const newEnough = server && wanted ? compareVersions(server, wanted) >= 0 : null;
  const gpus = facts.unread.some(({ what }) => what === 'nodes') ? null : facts.nodes.some((node) => node.gpus > 0);
  return {
    steps: [
      check(
        newEnough,
        `Kubernetes is ${facts.serverVersion ?? 'unknown'}; needed is ${oldest} or newer`,
        'kubectl version',
      ),
      check(
        gpus,
        gpusWords(gpus),
        "kubectl get nodes -o custom-columns='NAME:.metadata.name,GPUS:.status.allocatable.nvidia\\.com/gpu'",
      ),
    ],
    blockers:
      newEnough === false
        ? [`${chart.title} ${version} needs Kubernetes ${oldest} or newer; this is ${facts.serverVersion}.`]
        : [],
    warnings:
      gpus === false ? ['Without GPUs deployments stay pending: install the GPU Operator or a device plugin.'] : [],
  };
}

const gpusWords = (found: boolean | null): string =>
  found === null
    ? 'Whether nodes offer GPUs is not known'
    : found
      ? 'Nodes offer GPUs'
      : 'No node offers nvidia.com/gpu';

/** A check that was judged while planning. */
export const check = (passed: boolean | null, title: string, command: string): Step => ({
  kind: 'check',
  check: title,
  passed,
  title,
  command,
});

/** What an upgrade does to the deployments that run; nothing where none does. */
export function operatorRestarts(deployments: readonly ObjectReference[] = []): readonly string[] {
  if (deployments.length === 0) return [];
  const names = deployments.map(({ namespace, name }) => `${namespace}/${name}`);
  return [`While the operator restarts, deployments keep serving but cannot be changed: ${listed(names)}.`];
}

/** Says that the operator does not work. Without its ever changing words: a plan that was approved must stay the same. */
export const illness = (state: InstallationState): string | undefined =>
  state === 'ready' ? undefined : 'its operator is not well';
