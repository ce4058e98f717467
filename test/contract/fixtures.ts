import { randomBytes } from 'node:crypto';
import { onTestFinished, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { openCluster } from '../../src/cluster/open.ts';
import type { RuntimeId } from '../../src/foundry/spec.ts';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import { planDeployment } from '../../src/tools/plan-deployment.ts';
import type { Rule } from '../support/roles.ts';
import { connectAssistant } from './assistant.ts';
import type { World } from './world.ts';

export const model = 'Qwen/Qwen3-0.6B';

/** The primaries of each runtime. */
export const primaries = {
  dynamo: { group: 'nvidia.com', kind: 'DynamoGraphDeployment', plural: 'dynamographdeployments' },
  kuberay: { group: 'ray.io', kind: 'RayService', plural: 'rayservices' },
} as const satisfies Record<RuntimeId, unknown>;

export const otherThan = (runtime: RuntimeId): RuntimeId => (runtime === 'dynamo' ? 'kuberay' : 'dynamo');

/** What somebody waits for on a cluster comes about in this time, or never. */
export const soon = { timeout: 18_000, interval: 50 };

/** No namespace that others made begins so. */
export const namespacePrefix = `kf-test-${randomBytes(3).toString('hex')}-`;

let created = 0;

/** A namespace for one test, which goes with it. */
export async function createNamespace({ admin }: Pick<World, 'admin'>): Promise<string> {
  created += 1;
  const name = `${namespacePrefix}${created}`;
  await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  onTestFinished(async () => void (await admin.delete({ group: '', kind: 'Namespace' }, { name })));
  return name;
}

export const rule = (group: string, resources: string, verbs: string): Rule => ({
  apiGroups: [group],
  resources: resources.split(' '),
  verbs: verbs.split(' '),
});

/** Path of a kubeconfig for a new ServiceAccount that may do what the rules say and nothing else. */
export async function allowOnly(
  world: Pick<World, 'admin' | 'kubeconfigOf'>,
  namespace: string,
  grants: { readonly everywhere?: readonly Rule[]; readonly there?: readonly Rule[] },
): Promise<string> {
  created += 1;
  const name = `user-${created}`;
  await world.admin.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
  if (grants.everywhere) await grant(world, { name, namespace }, 'ClusterRole', grants.everywhere);
  if (grants.there) await grant(world, { name, namespace }, 'Role', grants.there);
  const kubeconfig = await world.kubeconfigOf({ namespace, name });
  if (grants.everywhere) await untilAllowed(kubeconfig, grants.everywhere, undefined);
  if (grants.there) await untilAllowed(kubeconfig, grants.there, namespace);
  return kubeconfig;
}

async function grant(
  { admin }: Pick<World, 'admin'>,
  account: { readonly name: string; readonly namespace: string },
  kind: 'ClusterRole' | 'Role',
  rules: readonly Rule[],
): Promise<void> {
  const { name, namespace } = account;
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { name, ...(kind === 'Role' && { namespace }) };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name };
  await admin.apply({ apiVersion, kind, metadata, rules });
  const subjects = [{ kind: 'ServiceAccount', ...account }];
  await admin.apply({ apiVersion, kind: `${kind}Binding`, metadata, roleRef, subjects });
}

/** A real server learns of a new role a moment after it was made, and then of the whole of it. */
async function untilAllowed(kubeconfig: string, rules: readonly Rule[], namespace: string | undefined): Promise<void> {
  const [rule] = rules;
  if (!rule) return;
  const { apiGroups, resources, resourceNames = [], verbs } = rule;
  const [[group = ''], [plural = ''], [verb = '']] = [apiGroups, resources, verbs];
  const door = await openCluster({ kubeconfig: [kubeconfig] });
  await vi.waitFor(async () => {
    const { allowed } = await door.access({ verb, group, plural, namespace, name: resourceNames[0] });
    if (!allowed) throw new Error(`not allowed to ${verb} ${plural}`);
  }, soon);
  door.close();
}

const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** A deployment as somebody makes it with kubectl: what KubeFoundry would write, without its marks. */
export async function createByOthers(
  world: World,
  wanted: { readonly runtime: RuntimeId; readonly namespace: string; readonly name: string },
): Promise<KubernetesObject> {
  const assistant = await connectAssistant(world);
  const { manifests } = await assistant.call(planDeployment, { ...wanted, model });
  const { namespace, name } = wanted;
  const written = parseAllDocuments(manifests).map((document) => manifest.parse(document.toJS()));
  const primary = written.find(({ kind }) => kind === primaries[wanted.runtime].kind);
  if (!primary) throw new Error(`no ${primaries[wanted.runtime].kind} in ${manifests}`);
  return world.admin.apply({ ...primary, metadata: { name, namespace } });
}
