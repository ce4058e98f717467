import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { openCluster } from '../../src/cluster/open.ts';
import type { Deployment } from '../../src/foundry/deployment.ts';
import { createFoundry } from '../../src/foundry/foundry.ts';
import { listDeployments } from '../../src/foundry/listing.ts';
import { type KubernetesObject, textAt } from '../../src/kubernetes.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';

const group = 'nvidia.com';
export const kinds = {
  graph: { group, kind: 'DynamoGraphDeployment' },
  component: { group, kind: 'DynamoComponentDeployment' },
  adapter: { group, kind: 'DynamoGraphDeploymentScalingAdapter' },
  rayService: { group: 'ray.io', kind: 'RayService' },
  rayCluster: { group: 'ray.io', kind: 'RayCluster' },
  deployment: { group: 'apps', kind: 'Deployment' },
  replicaSet: { group: 'apps', kind: 'ReplicaSet' },
  service: { group: '', kind: 'Service' },
  pod: { group: '', kind: 'Pod' },
  event: { group: '', kind: 'Event' },
  configMap: { group: '', kind: 'ConfigMap' },
  slice: { group: 'discovery.k8s.io', kind: 'EndpointSlice' },
  crd: { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' },
} as const;

type Kind = keyof typeof kinds;

export interface Lab {
  readonly sandbox: Sandbox;
  /** A door to it, as an administrator with kubectl. */
  readonly cluster: Cluster;
  /** As `sandbox.fail`, until `clear`. */
  fail(...wish: Parameters<Sandbox['fail']>): () => void;
  /** Deletes all deployments and takes all wishes back. */
  clear(): Promise<void>;
  close(): Promise<void>;
  get(kind: Kind, namespace: string, name: string): Promise<KubernetesObject>;
  list(kind: Kind, namespace?: string): Promise<readonly KubernetesObject[]>;
  names(kind: Kind, namespace?: string): Promise<readonly string[]>;
  /** `reason: message` of the events about that object. */
  events(about: KubernetesObject | undefined): Promise<readonly string[]>;
  /** What KubeFoundry says about every deployment. */
  deployments(): Promise<readonly Deployment[]>;
  /** What KubeFoundry says about that one. */
  deployment(name: string): Promise<Deployment>;
  /** Its phases in the order in which they are seen, until one of these is. */
  phases(name: string, ...until: readonly string[]): Promise<readonly (string | null)[]>;
}

/** A sandbox in which time does not count unless a speed is asked for; close it afterwards. */
export async function openLab(options: SandboxOptions = {}): Promise<Lab> {
  const sandbox = await startSandbox({ speed: Number.POSITIVE_INFINITY, ...options });
  const folder = await mkdtemp(join(tmpdir(), 'lab-'));
  const file = join(folder, 'kubeconfig');
  await writeFile(file, sandbox.kubeconfig, { mode: 0o600 });
  const cluster = await openCluster({ kubeconfig: [file], fieldManager: 'kubectl' });
  const foundry = createFoundry({ open: async () => cluster, installer: sandbox.installer, protect: [] });
  const wishes: (() => void)[] = [];
  const list = (kind: Kind, namespace?: string) => cluster.list(kinds[kind], { namespace });
  const deployments = async () => {
    const filter = { limit: 500 };
    return (await listDeployments(await foundry.site(undefined), filter, AbortSignal.timeout(10_000))).deployments;
  };
  const deployment = async (name: string) => {
    const found = (await deployments()).find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no deployment ${name}`);
    return found;
  };
  return {
    sandbox,
    cluster,
    fail(...wish) {
      const undo = sandbox.fail(...wish);
      wishes.push(undo);
      return undo;
    },
    async clear() {
      for (const undo of wishes.splice(0)) undo();
      for (const kind of ['graph', 'rayService'] as const) {
        const served = await cluster.resource(kinds[kind]);
        for (const { metadata } of served === undefined ? [] : await list(kind))
          await cluster.delete(kinds[kind], metadata);
      }
      await sandbox.settled();
    },
    async close() {
      foundry.close();
      cluster.close();
      await sandbox.stop();
      await rm(folder, { recursive: true });
    },
    list,
    deployments,
    deployment,
    async get(kind, namespace, name) {
      const found = await cluster.get(kinds[kind], namespace === '' ? { name } : { namespace, name });
      if (found === undefined) throw new Error(`there is no ${kind} ${namespace}/${name}`);
      return found;
    },
    names: async (kind, namespace) => (await list(kind, namespace)).map(({ metadata }) => metadata.name).sort(),
    async events(about) {
      const events = await list('event', about?.metadata.namespace);
      return events
        .filter((event) => about !== undefined && textAt(event, 'involvedObject', 'uid') === about.metadata.uid)
        .map((event) => `${String(event.reason)}: ${String(event.message)}`)
        .sort();
    },
    async phases(name, ...until) {
      const seen: (string | null)[] = [];
      for (;;) {
        const { phase } = await deployment(name);
        if (seen.at(-1) !== phase) seen.push(phase);
        if (phase !== null && until.includes(phase)) return seen;
        await sleep(10);
      }
    },
  };
}

/** The names with what is random in them replaced: `x-4xk2z` → `x-*`. */
export const withoutSuffix = (names: readonly string[]): readonly string[] =>
  [...new Set(names.map((name) => name.replace(/-[a-z0-9]{5}$/, '-*')))].sort();
