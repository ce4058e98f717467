import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FoundryError } from '../errors.ts';
import type { Cluster } from './cluster.ts';
import { type KubeconfigOptions, readContext } from './context.ts';
import {
  type Chart,
  listArguments,
  type ReleasePlace,
  type ReleaseStep,
  releaseArguments,
  showCrdsArguments,
  valuesArguments,
  valuesFile,
  workMilliseconds,
} from './helm-arguments.ts';
import { inHelmFolder } from './helm-folder.ts';
import { endOrphans } from './helm-orphans.ts';
import { crdsIn, type HelmRelease, holdsValues, releasesIn } from './helm-output.ts';
import { withHelms } from './helm-pending.ts';
import { asSentence, findHelm, runHelm } from './helm-process.ts';
import { recorded } from './helm-runs.ts';
import { isRecent, isVersion } from './helm-version.ts';
import { singleContext } from './single-context.ts';

/** The steps of a plan that helm carries out; the foundry's installer steps have this shape. */
export type HelmStep =
  | ReleaseStep
  | { readonly kind: 'applyCrds'; readonly names: readonly string[]; readonly chart: Chart }
  | {
      readonly kind: 'deleteCrds';
      readonly names: readonly string[];
      /** By name: another one of that name is not the one that was meant. */
      readonly uids?: Readonly<Record<string, string>>;
    };

export interface HelmOptions extends Pick<KubeconfigOptions, 'kubeconfig' | 'environment'> {
  /** Absolute path of the binary; default: the first `helm` on the PATH of `environment`. */
  readonly helm?: string;
}

export interface HelmInstaller {
  readonly name: string;
  ready(signal: AbortSignal): Promise<
    | { readonly ok: true; readonly version: string }
    | {
        readonly ok: false;
        readonly code: 'HELM_MISSING' | 'HELM_FAILED';
        readonly message: string;
        readonly hint: string;
      }
  >;
  /** Every release in the cluster. @throws FoundryError HELM_FAILED, HELM_MISSING */
  releases(cluster: Cluster, signal: AbortSignal): Promise<readonly HelmRelease[]>;
  /** Whether whoever installed a release gave it values. @throws FoundryError HELM_FAILED, HELM_MISSING */
  hasValues(at: ReleasePlace, cluster: Cluster, signal: AbortSignal): Promise<boolean>;
  carryOut(step: HelmStep, cluster: Cluster, progress: (message: string) => void, signal: AbortSignal): Promise<void>;
}

const install =
  'Install helm 3.20.2, 4.1.4 or newer (https://helm.sh/docs/intro/install), or carry out the commands by hand.';
const crdKind = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };
const listMilliseconds = 30_000;

/** Installs with the user's own helm. */
export function createHelmInstaller(options: HelmOptions = {}): HelmInstaller {
  const environment = options.environment ?? {};

  async function usable(
    signal: AbortSignal,
  ): Promise<{ readonly helm: string; readonly version: string } | { readonly message: string }> {
    const helm = await findHelm(options.helm, environment);
    if (helm === undefined)
      return { message: options.helm ? `There is no program ${options.helm}.` : 'There is no helm on the PATH.' };
    const args = ['version', '--template', '{{.Version}}'];
    const version = await inHelmFolder((folder) =>
      runHelm({ helm, args, folder, environment, timeout: 10_000 }, signal),
    );
    if (isRecent(version)) return { helm, version };
    return {
      message: isVersion(version)
        ? `${helm} is ${version}, which has known holes.`
        : `${helm} does not say which version it is, but: ${asSentence(version.slice(0, 200))}`,
    };
  }

  /** Runs helm, as often as `use` wants, with a kubeconfig that leads to this cluster alone. */
  async function withHelm<Result>(
    cluster: Cluster,
    timeout: number,
    signal: AbortSignal,
    use: (
      helm: (args: readonly string[], started?: (pid: number) => void) => Promise<string>,
      folder: string,
    ) => Promise<Result>,
  ): Promise<Result> {
    const found = await usable(signal);
    if (!('helm' in found)) throw new FoundryError('HELM_MISSING', found.message, install);
    return inHelmFolder(async (folder) => {
      const context = await readContext({ ...options, context: cluster.context });
      await writeFile(join(folder, 'kubeconfig'), singleContext(context), { mode: 0o600 });
      return use(
        (args, started) => runHelm({ helm: found.helm, args, folder, environment, timeout, started }, signal),
        folder,
      );
    });
  }

  return {
    name: 'helm',
    async ready(signal) {
      try {
        const found = await usable(signal);
        return 'helm' in found
          ? { ok: true, version: found.version }
          : { ok: false, code: 'HELM_MISSING', message: found.message, hint: install };
      } catch (error) {
        if (!(error instanceof FoundryError)) throw error;
        return { ok: false, code: 'HELM_FAILED', message: error.message, hint: install };
      }
    },
    hasValues: (at, cluster, signal) =>
      withHelm(cluster, listMilliseconds, signal, async (helm) => holdsValues(await helm(valuesArguments(at)))),
    async releases(cluster, signal) {
      const list = await withHelm(cluster, listMilliseconds, signal, (helm) => helm(listArguments));
      return withHelms(releasesIn(list), () => identityOf(cluster, signal));
    },
    async carryOut(step, cluster, progress, signal) {
      if (step.kind === 'deleteCrds') {
        for (const name of step.names) await cluster.delete(crdKind, { name }, { uid: step.uids?.[name], signal });
        return;
      }
      await withHelm(cluster, workMilliseconds, signal, async (helm, folder) => {
        if (step.kind === 'helm') {
          await writeFile(join(folder, valuesFile), JSON.stringify(step.values), { mode: 0o600 });
          const { action, release, namespace } = step;
          const args = releaseArguments(step);
          const work = { cluster: await identityOf(cluster, signal), namespace, release };
          await endOrphans(work, progress, signal);
          progress(`helm ${action} ${release}`);
          await recorded(folder, work, (started) => helm(args, started));
          return;
        }
        for (const crd of crdsIn(await helm(showCrdsArguments(step.chart)), step.names)) {
          progress(crd.metadata.name);
          await cluster.apply(crd, { force: true, signal });
        }
      });
    },
  };
}

/** Which cluster this is, whatever address it is reached at; the address where that may not be read. */
async function identityOf(cluster: Cluster, signal: AbortSignal): Promise<string> {
  const namespace = { group: '', kind: 'Namespace' };
  try {
    const found = await cluster.get(namespace, { name: 'kube-system' }, { signal });
    return found?.metadata.uid ?? cluster.server;
  } catch (error) {
    if (error instanceof FoundryError) return cluster.server;
    throw error;
  }
}
