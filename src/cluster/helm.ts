import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { FoundryError } from '../errors.ts';
import { type KubernetesObject, textAt } from '../kubernetes.ts';
import type { Cluster } from './cluster.ts';
import { type KubeconfigOptions, readContext } from './context.ts';
import { findHelm, runHelm } from './helm-process.ts';
import { singleContext } from './single-context.ts';

/** A chart where helm finds it: by name in a repository, or by itself (`oci://…`, `https://….tgz`) with an empty one. */
interface Chart {
  readonly chart: string;
  readonly repository: string;
  readonly version: string;
}

/** The steps of a plan that helm carries out; the foundry's installer steps have this shape. */
export type HelmStep =
  | (Chart & {
      readonly kind: 'helm';
      readonly action: 'install' | 'upgrade' | 'uninstall';
      readonly release: string;
      readonly namespace: string;
      readonly values: Readonly<Record<string, unknown>>;
    })
  | { readonly kind: 'applyCrds'; readonly names: readonly string[]; readonly chart?: Chart }
  | { readonly kind: 'deleteCrds'; readonly names: readonly string[] };

export interface HelmOptions extends Pick<KubeconfigOptions, 'kubeconfig' | 'environment'> {
  /** Absolute path of the binary; default: the first `helm` on the PATH of `environment`. */
  readonly helm?: string;
}

export interface HelmInstaller {
  readonly name: string;
  ready(
    signal: AbortSignal,
  ): Promise<
    | { readonly ok: true; readonly version: string }
    | { readonly ok: false; readonly message: string; readonly hint: string }
  >;
  carryOut(step: HelmStep, cluster: Cluster, progress: (message: string) => void, signal: AbortSignal): Promise<void>;
}

const waitSeconds = 600;
const install =
  'Install helm 3.20.2, 4.1.4 or newer (https://helm.sh/docs/intro/install), or carry out the commands by hand.';
const crdKind = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };

/** Installs with the user's own helm. Older versions than 3.20.2 and 4.1.4 have CVE-2026-35204 to 35206. */
export function createHelmInstaller(options: HelmOptions = {}): HelmInstaller {
  const environment = options.environment ?? {};

  async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
    const folder = await mkdtemp(join(tmpdir(), 'kubefoundry-helm-'));
    try {
      return await use(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async function usable(
    signal: AbortSignal,
  ): Promise<{ readonly helm: string; readonly version: string } | { readonly message: string }> {
    const helm = await findHelm(options.helm, environment);
    if (helm === undefined)
      return { message: options.helm ? `There is no program ${options.helm}.` : 'There is no helm on the PATH.' };
    const args = ['version', '--template', '{{.Version}}'];
    const version = await inFolder((folder) => runHelm({ helm, args, folder, environment, timeout: 10_000 }, signal));
    return isRecent(version) ? { helm, version } : { message: `${helm} is ${version}, which has known holes.` };
  }

  async function helmIn(folder: string, cluster: Cluster, signal: AbortSignal) {
    const found = await usable(signal);
    if (!('helm' in found)) throw new FoundryError('HELM_MISSING', found.message, install);
    const context = await readContext({ ...options, context: cluster.context });
    await writeFile(join(folder, 'kubeconfig'), singleContext(context), { mode: 0o600 });
    return (args: readonly string[]) =>
      runHelm({ helm: found.helm, args, folder, environment, timeout: (waitSeconds + 60) * 1000 }, signal);
  }

  return {
    name: 'helm',
    async ready(signal) {
      try {
        const found = await usable(signal);
        return 'helm' in found
          ? { ok: true, version: found.version }
          : { ok: false, message: found.message, hint: install };
      } catch (error) {
        if (!(error instanceof FoundryError)) throw error;
        return { ok: false, message: error.message, hint: install };
      }
    },
    async carryOut(step, cluster, progress, signal) {
      if (step.kind === 'deleteCrds') {
        for (const name of step.names) await cluster.delete(crdKind, { name }, { signal });
        return;
      }
      await inFolder(async (folder) => {
        const helm = await helmIn(folder, cluster, signal);
        if (step.kind === 'helm') {
          await writeFile(join(folder, 'values.json'), JSON.stringify(step.values), { mode: 0o600 });
          progress(`helm ${step.action} ${step.release}`);
          await helm(releaseArguments(step));
          return;
        }
        if (!step.chart) throw new FoundryError('HELM_FAILED', 'No chart holds these CRDs.', 'Apply them by hand.');
        const crds = crdsIn(await helm(['show', 'crds', ...from(step.chart), '--', step.chart.chart]), step.names);
        for (const crd of crds) {
          progress(crd.metadata.name);
          await cluster.apply(crd, { force: true, signal });
        }
      });
    },
  };
}

function isRecent(version: string): boolean {
  const [, ...parts] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  const [major = 0, minor = 0, patch = 0] = parts.map(Number);
  const [leastMinor, leastPatch] = major === 3 ? [20, 2] : [1, 4];
  return major > 4 || (major >= 3 && (minor > leastMinor || (minor === leastMinor && patch >= leastPatch)));
}

const from = ({ repository, version }: Chart): readonly string[] =>
  repository === '' ? ['--version', version] : ['--repo', repository, '--version', version];

/** After `--`, nothing that begins with a dash is taken for a flag. */
function releaseArguments(step: Extract<HelmStep, { kind: 'helm' }>): readonly string[] {
  const { action, release, namespace, chart } = step;
  const waiting = ['--namespace', namespace, '--wait', '--timeout', `${waitSeconds}s`];
  if (action === 'uninstall') return ['uninstall', ...waiting, '--', release];
  const kept = action === 'install' ? '--create-namespace' : '--reset-then-reuse-values';
  // `upgrade --install` also takes up an installation that was broken off.
  return ['upgrade', '--install', ...waiting, kept, ...from(step), '--values', 'values.json', '--', release, chart];
}

/** @throws FoundryError HELM_FAILED when the chart does not hold the CRDs that the plan names */
function crdsIn(output: string, names: readonly string[]): readonly KubernetesObject[] {
  const found: KubernetesObject[] = [];
  for (const document of parseAllDocuments(output)) {
    const object: unknown = document.toJS();
    const name = textAt(object, 'metadata', 'name');
    const apiVersion = textAt(object, 'apiVersion');
    if (typeof object !== 'object' || object === null || name === undefined || apiVersion === undefined) continue;
    if (textAt(object, 'kind') !== crdKind.kind || !names.includes(name)) continue;
    found.push({ ...object, apiVersion, kind: crdKind.kind, metadata: { ...Reflect.get(object, 'metadata'), name } });
  }
  if (found.length > 0) return found;
  throw new FoundryError('HELM_FAILED', `The chart holds none of the CRDs ${names.join(', ')}.`, 'Apply them by hand.');
}
