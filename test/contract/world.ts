import { afterAll, beforeAll } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.ts';
import type { Installer } from '../../src/foundry/foundry.ts';
import type { RuntimeId } from '../../src/foundry/spec.ts';
import type { FailureKind } from '../../src/sandbox/failures.ts';

/** Whether a world's runtimes are what is installed today, or from before Dynamo's v1beta1 and KubeRay 1.7. */
export type Age = 'old' | 'current';

/** A cluster with GPU nodes that the contract is tried on: the sandbox, or a real API server. */
export interface World {
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** The administrator's door, for what users do with kubectl. */
  readonly admin: Cluster;
  /** Carries out the plans of install_runtime here. */
  readonly installer: Installer;
  /** What is installed here, and the API version in which its deployments are written. */
  readonly releases: Readonly<Record<RuntimeId, { readonly version: string; readonly apiVersion: string }>>;
  /** Path of a kubeconfig for a ServiceAccount that exists. */
  kubeconfigOf(serviceAccount: { readonly namespace: string; readonly name: string }): Promise<string>;
  /** Makes deployments fail, by a glob on their name or `namespace/name`; the result takes it back. */
  fail(match: string, kind: FailureKind): () => void;
  /** Takes the API server away and brings it back with the same data; resolves when it is ready. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The installer of a world in which what is there stays as it is. */
export const nobody: Installer = {
  name: 'nobody',
  ready: async () => ({
    ok: false,
    code: 'HELM_MISSING',
    message: 'The tests install nothing here.',
    hint: 'Deploy on what is there.',
  }),
  carryOut: async () => {
    throw new Error('somebody installs on a cluster that was to stay as it is');
  },
};

/** One world for all tests of a file or describe block, which ends with them. */
export function useWorld(open: () => Promise<World>): () => World {
  let world: World | undefined;
  beforeAll(async () => {
    world = await open();
  });
  afterAll(() => world?.stop());
  return () => {
    if (!world) throw new Error('the world is there only while tests run');
    return world;
  };
}
