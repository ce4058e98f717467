import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { AccessQuestion } from '../../../src/cluster/cluster.ts';
import { readContext } from '../../../src/cluster/context.ts';
import { openCluster } from '../../../src/cluster/open.ts';
import { singleContext } from '../../../src/cluster/single-context.ts';
import { type RuntimeId, runtimeIds } from '../../../src/foundry/spec.ts';
import { primaries } from '../../contract/fixtures.ts';
import { nobody, type World } from '../../contract/world.ts';

/** A cluster that the tests found, as its user may use it. */
export interface ExistingCluster extends Pick<World, 'kubeconfig' | 'admin' | 'installer'> {
  /** The runtimes whose primaries it serves. */
  readonly served: readonly RuntimeId[];
  may(question: AccessQuestion): Promise<boolean>;
  /** Path of a kubeconfig for somebody who exists only by this name and has no rights of their own; wants the right to impersonate. */
  powerless(name: string): Promise<string>;
  close(): Promise<void>;
}

/** The current context of `KUBECONFIG`. */
export async function openExistingCluster(): Promise<ExistingCluster> {
  const context = await readContext({ environment: process.env });
  const folder = await mkdtemp(join(tmpdir(), 'existing-cluster-'));
  const write = async (name: string, text: string) => {
    const file = join(folder, name);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  const config = JSON.parse(singleContext(context));
  const kubeconfig = await write('kubeconfig', stringify(config));
  const admin = await openCluster({ kubeconfig: [kubeconfig], fieldManager: 'kubectl', environment: process.env });
  const found = await Promise.all(runtimeIds.map((runtime) => admin.resource(primaries[runtime])));
  return {
    kubeconfig,
    admin,
    installer: nobody,
    served: runtimeIds.filter((_, index) => found[index] !== undefined),
    may: async (question) => (await admin.access(question)).allowed,
    powerless: (name) => {
      const [{ user, ...entry }] = config.users;
      return write(name, stringify({ ...config, users: [{ ...entry, user: { ...user, as: name } }] }));
    },
    async close() {
      admin.close();
      await rm(folder, { recursive: true });
    },
  };
}
