import { checkName } from './names.ts';

/** A chart where helm finds it: by name in a repository, or by itself (`oci://…`, `https://….tgz`) with an empty one. */
export interface Chart {
  readonly chart: string;
  readonly repository: string;
  readonly version: string;
}

export interface ReleasePlace {
  readonly release: string;
  readonly namespace: string;
}

/** What helm does with one release. */
export interface ReleaseStep extends Chart, ReleasePlace {
  readonly kind: 'helm';
  /** `rollback` takes up the revision that a helm which was killed left pending. */
  readonly action: 'install' | 'upgrade' | 'rollback' | 'uninstall';
  readonly values: Readonly<Record<string, unknown>>;
  /** Of a rollback. */
  readonly revision?: number;
}

/** Seconds that helm waits for what it made to be ready. */
const waitSeconds = 600;

/** Milliseconds that helm may take for a release in all. */
export const workMilliseconds = (waitSeconds + 60) * 1000;

/** File of a release's values, in the folder that helm runs in. */
export const valuesFile = 'values.json';

const from = ({ repository, version }: Chart): readonly string[] =>
  repository === '' ? ['--version', version] : ['--repo', repository, '--version', version];

/**
 * The arguments that carry a step out, good for helm 3 and 4. After `--`, nothing that begins with a dash is a flag.
 *
 * @throws FoundryError INPUT_INVALID for a release or namespace that Kubernetes would not take as a name
 */
export function releaseArguments(step: ReleaseStep): readonly string[] {
  const { action, release, namespace, chart, revision } = step;
  checkPlace(step);
  const waiting = ['--namespace', namespace, '--wait', '--timeout', `${waitSeconds}s`];
  if (action === 'uninstall') return ['uninstall', ...waiting, '--ignore-not-found', '--', release];
  if (action === 'rollback') return ['rollback', ...waiting, '--', release, String(revision ?? 0)];
  const kept = action === 'install' ? '--create-namespace' : '--reset-then-reuse-values';
  // `upgrade --install` also takes up an installation that was broken off.
  return ['upgrade', '--install', ...waiting, kept, ...from(step), '--values', valuesFile, '--', release, chart];
}

function checkPlace({ release, namespace }: ReleasePlace): void {
  checkName('subdomain', 'release', release);
  checkName('label', 'namespace', namespace);
}

/** The values that whoever installed a release gave it, in its latest revision. @throws FoundryError INPUT_INVALID */
export function valuesArguments(at: ReleasePlace): readonly string[] {
  checkPlace(at);
  return ['get', 'values', '--namespace', at.namespace, '--output', 'json', '--', at.release];
}

/** Helm 3 lists only what is deployed or failed unless it is asked for the rest; helm 4 knows no `--all`. */
export const listArguments: readonly string[] = [
  'list',
  '--all-namespaces',
  '--max',
  '0',
  ...['deployed', 'failed', 'pending', 'uninstalling', 'uninstalled'].map((status) => `--${status}`),
  '--output',
  'json',
];

export const showCrdsArguments = (chart: Chart): readonly string[] => [
  'show',
  'crds',
  ...from(chart),
  '--',
  chart.chart,
];
