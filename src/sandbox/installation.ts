import type { Cluster } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { dynamoCrds } from './crds/dynamo.ts';
import { kuberayCrds } from './crds/kuberay.ts';
import { defaultVersions, operatorObjects, type Release, type Runtime } from './operators.ts';

const crd = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };

/** The steps of an installation plan that change more than single objects. */
type InstallationStep =
  | {
      readonly kind: 'helm';
      readonly action: 'install' | 'upgrade' | 'rollback' | 'uninstall';
      readonly release: string;
      readonly namespace: string;
      readonly chart: string;
      readonly version: string;
    }
  | {
      readonly kind: 'applyCrds';
      readonly names: readonly string[];
      readonly chart: { readonly version: string };
    }
  | {
      readonly kind: 'deleteCrds';
      readonly names: readonly string[];
      readonly uids?: Readonly<Record<string, string>>;
    };

/** Installs runtimes as helm would; has the shape of the foundry's `Installer`. */
export interface SandboxInstaller {
  readonly name: string;
  ready(signal: AbortSignal): Promise<{ readonly ok: true }>;
  carryOut(
    step: InstallationStep,
    cluster: Cluster,
    progress: (message: string) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

const crdsOf = (runtime: Runtime, version: string): readonly KubernetesObject[] =>
  runtime === 'dynamo' ? dynamoCrds(version) : kuberayCrds(version);

function runtimeOf(chart: string): Runtime | undefined {
  if (chart.includes('dynamo-platform')) return 'dynamo';
  return chart.includes('kuberay-operator') ? 'kuberay' : undefined;
}

async function applyCrds(cluster: Cluster, crds: readonly KubernetesObject[], signal: AbortSignal): Promise<void> {
  for (const each of crds) await cluster.apply(each, { force: true, fieldManager: 'crd-apply', signal });
}

/**
 * Brings a release into the cluster. The Dynamo operator applies its CRDs at every start; the KubeRay chart brings its
 * own only where there are none, as helm does with a chart's `crds/`.
 */
export async function installRelease(cluster: Cluster, release: Release, signal: AbortSignal): Promise<void> {
  const { namespace, runtime, version } = release;
  const fieldManager = 'helm';
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, { fieldManager, signal });
  const crds = crdsOf(runtime, version);
  const [first] = crds;
  const present =
    first !== undefined && (await cluster.get(crd, { name: first.metadata.name }, { signal })) !== undefined;
  if (runtime === 'dynamo' || !present) await applyCrds(cluster, crds, signal);
  for (const object of operatorObjects(release)) await cluster.apply(object, { force: true, fieldManager, signal });
}

async function uninstallRelease(cluster: Cluster, release: Release, signal: AbortSignal): Promise<void> {
  for (const object of operatorObjects(release)) {
    const { apiVersion, kind, metadata } = object;
    await cluster.delete({ group: apiVersion === 'v1' ? '' : 'apps', kind }, metadata, { signal });
  }
}

/** Carries out installation plans on the sandbox, where there is no helm. */
export const sandboxInstaller: SandboxInstaller = {
  name: 'sandbox',
  ready: async () => ({ ok: true }),
  async carryOut(step, cluster, progress, signal) {
    if (step.kind === 'deleteCrds') {
      for (const name of step.names) {
        progress(`deleting ${name}`);
        await cluster.delete(crd, { name }, { uid: step.uids?.[name], signal });
      }
      return;
    }
    if (step.kind === 'applyCrds') {
      const runtime: Runtime = step.names.some((name) => name.endsWith('.nvidia.com')) ? 'dynamo' : 'kuberay';
      const version = step.chart.version.replace(/^v/, '') || defaultVersions[runtime];
      progress(`applying the CRDs of ${runtime} ${version}`);
      await applyCrds(cluster, crdsOf(runtime, version), signal);
      return;
    }
    const runtime = runtimeOf(step.chart);
    if (runtime === undefined) {
      throw new FoundryError(
        'HELM_FAILED',
        `The sandbox knows no chart ${step.chart}.`,
        'It installs dynamo-platform and kuberay-operator.',
      );
    }
    const version = step.version.replace(/^v/, '') || defaultVersions[runtime];
    const release = { runtime, version, release: step.release, namespace: step.namespace };
    progress(`${step.action} of release ${step.release} (${runtime} ${version}) in ${step.namespace}`);
    if (step.action === 'uninstall') await uninstallRelease(cluster, release, signal);
    else await installRelease(cluster, release, signal);
  },
};
