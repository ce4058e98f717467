import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../src/cluster/open.ts';
import { createFoundry, type Foundry, type FoundryOptions, type Installer } from '../../src/foundry/foundry.ts';
import { groupOf, type KubernetesObject } from '../../src/kubernetes.ts';
import { type ApiServer, startApiServer } from '../../src/sandbox/api/server.ts';
import { dynamoCrds } from '../../src/sandbox/crds/dynamo.ts';
import { kuberayCrds } from '../../src/sandbox/crds/kuberay.ts';
import type { Ask, CallResult } from '../../src/tools/call.ts';
import { callTool } from '../../src/tools/call.ts';
import { tools } from '../../src/tools/registry.ts';
import type { Progress } from '../../src/tools/tool.ts';

export interface LabOptions extends Partial<Pick<FoundryOptions, 'protect' | 'now' | 'chartRepository'>> {
  /** Who installs, given the administrator's kubeconfig file; default nobody can. */
  readonly installer?: (kubeconfig: string) => Installer;
  /** Runtimes whose CRDs and operators are there; default both. */
  readonly runtimes?: readonly ('dynamo' | 'kuberay')[];
}

interface CallSettings {
  /** A kubeconfig user; default the administrator. */
  readonly as?: string;
  readonly ask?: Ask;
  readonly signal?: AbortSignal;
  readonly namespaces?: readonly string[];
  readonly readOnly?: boolean;
}

/** A Kubernetes API with CRDs and operators' Deployments, but nobody who acts on anything: what is applied stays as it is. */
export interface Lab {
  readonly api: ApiServer;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Told so far by all calls. */
  readonly progress: Progress[];
  call(tool: string, input: unknown, settings?: CallSettings): Promise<CallResult>;
  /** The foundry through which that user's calls go. */
  foundry(settings?: CallSettings): Foundry;
  apply(...objects: readonly KubernetesObject[]): Promise<void>;
  /** Merges into an object's status. */
  setStatus(object: KubernetesObject, status: unknown): Promise<void>;
  remove(object: KubernetesObject): Promise<void>;
  /** The object as it stands now; throws where there is none. */
  read(object: KubernetesObject): Promise<KubernetesObject>;
  /** A user who may do what the rules say, in the namespaces named or everywhere. */
  allow(user: string, rules: readonly unknown[], namespaces?: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export const namespace = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
});

const approve: Ask = async () => 'approved';

const noInstaller: Installer = {
  name: 'nobody',
  ready: async () => ({
    ok: false,
    code: 'HELM_MISSING',
    message: 'There is no helm on the PATH.',
    hint: 'Install helm.',
  }),
  carryOut: async () => {},
};

export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const api = await startApiServer();
  const folder = await mkdtemp(join(tmpdir(), 'kubefoundry-lab-'));
  const progress: Progress[] = [];
  const foundries = new Map<string, ReturnType<typeof createFoundry>>();
  let admin = await open('admin');

  async function kubeconfigOf(user: string): Promise<string> {
    const file = join(folder, user);
    await writeFile(file, api.kubeconfig(user === 'admin' ? undefined : tokenOf(user)), { mode: 0o600 });
    return file;
  }

  async function open(user: string, settings: CallSettings = {}) {
    const { namespaces, readOnly = false } = settings;
    return openCluster({ kubeconfig: [await kubeconfigOf(user)], namespaces, readOnly });
  }

  function foundryOf(settings: CallSettings): Foundry {
    const { as = 'admin', namespaces = [], readOnly = false } = settings;
    const key = `${as} ${namespaces.join(',')} ${readOnly}`;
    const known = foundries.get(key);
    if (known) return known;
    const created = createFoundry({
      open: (context) => (context === undefined || context === admin.context ? open(as, settings) : openOther(context)),
      installer: options.installer?.(join(folder, 'admin')) ?? noInstaller,
      protect: options.protect ?? [],
      now: options.now,
      chartRepository: options.chartRepository,
    });
    foundries.set(key, created);
    return created;
  }

  const openOther = async (context: string) => openCluster({ kubeconfig: [await kubeconfigOf('admin')], context });

  async function apply(...objects: readonly KubernetesObject[]): Promise<void> {
    for (const object of objects) await admin.apply(object, { fieldManager: 'lab', force: true });
  }

  async function setStatus(object: KubernetesObject, status: unknown): Promise<void> {
    const [group = '', version] = object.apiVersion.includes('/')
      ? object.apiVersion.split('/')
      : ['', object.apiVersion];
    await admin.patch({ group, kind: object.kind, version }, object.metadata, { status }, { subresource: 'status' });
  }

  async function remove({ apiVersion, kind, metadata }: KubernetesObject): Promise<void> {
    await admin.delete({ group: groupOf(apiVersion), kind }, metadata);
  }

  for (const runtime of options.runtimes ?? ['dynamo', 'kuberay']) {
    const { crds, operator } = installations[runtime];
    await apply(namespace(operator.metadata.namespace ?? ''), ...crds, operator);
    await setStatus(operator, operatorStatus);
  }
  admin.close();
  admin = await open('admin');
  await apply(node);
  await setStatus(node, nodeStatus);

  return {
    api,
    kubeconfig: join(folder, 'admin'),
    progress,
    foundry: (settings = {}) => foundryOf(settings),
    apply,
    setStatus,
    remove,
    async read({ apiVersion, kind, metadata }) {
      const found = await admin.get({ group: groupOf(apiVersion), kind }, metadata);
      if (!found) throw new Error(`there is no ${kind} ${metadata.name}`);
      return found;
    },
    async call(name, input, settings = {}) {
      const tool = tools.find((candidate) => candidate.name === name);
      if (!tool) throw new Error(`no tool ${name}`);
      const { ask = approve, signal = new AbortController().signal } = settings;
      const context = {
        foundry: foundryOf(settings),
        caller: 'test eva',
        progress: (told: Progress) => progress.push(told),
      };
      return callTool(tool, input, { context, signal, ask });
    },
    async allow(user, rules, namespaces) {
      api.addIdentity({ token: tokenOf(user), user });
      const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }];
      const places = namespaces ?? [undefined];
      for (const place of places) {
        const kind = place === undefined ? 'ClusterRole' : 'Role';
        const metadata = { name: user, namespace: place };
        const apiVersion = 'rbac.authorization.k8s.io/v1';
        const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name: user };
        await apply(
          { apiVersion, kind, metadata, rules },
          { apiVersion, kind: `${kind}Binding`, metadata, subjects, roleRef },
        );
      }
    },
    async stop() {
      for (const foundry of foundries.values()) foundry.close();
      admin.close();
      await api.stop();
      await rm(folder, { recursive: true });
    },
  };
}

const tokenOf = (user: string): string => `token-of-${user}`;

function operator(namespace: string, name: string, labels: Record<string, string>, image: string, args: string[] = []) {
  const selector = { 'app.kubernetes.io/name': labels['app.kubernetes.io/name'] ?? name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace,
      labels,
      annotations: { 'meta.helm.sh/release-name': labels['app.kubernetes.io/instance'] ?? name },
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      template: { metadata: { labels: selector }, spec: { containers: [{ name: 'manager', image, args }] } },
    },
  };
}

const installations = {
  dynamo: {
    crds: dynamoCrds('1.6.1'),
    operator: operator(
      'dynamo-system',
      'dynamo-platform-dynamo-operator-controller-manager',
      {
        'app.kubernetes.io/name': 'dynamo-operator',
        'app.kubernetes.io/instance': 'dynamo-platform',
        'app.kubernetes.io/managed-by': 'Helm',
        'app.kubernetes.io/version': '1.6.1',
        'helm.sh/chart': 'dynamo-operator-1.6.1',
      },
      'nvcr.io/nvidia/ai-dynamo/kubernetes-operator:1.6.1',
      ['--operator-version=1.6.1'],
    ),
  },
  kuberay: {
    crds: kuberayCrds('1.7.0'),
    operator: operator(
      'kuberay-system',
      'kuberay-operator',
      {
        'app.kubernetes.io/name': 'kuberay-operator',
        'app.kubernetes.io/instance': 'kuberay-operator',
        'app.kubernetes.io/managed-by': 'Helm',
        'helm.sh/chart': 'kuberay-operator-1.7.0',
      },
      'quay.io/kuberay/operator:v1.7.0',
    ),
  },
} as const;

/** Of an operator's Deployment whose only replica runs. */
export const operatorStatus = {
  observedGeneration: 1,
  replicas: 1,
  updatedReplicas: 1,
  readyReplicas: 1,
  availableReplicas: 1,
};

const node: KubernetesObject = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'gpu-1' } };
const nodeStatus = {
  allocatable: { cpu: '64', memory: '512Gi', 'nvidia.com/gpu': '8', pods: '110' },
  conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
};

/** What a user must see: the data of an answer that is one. */
export function dataOf(result: CallResult): Record<string, unknown> {
  if (result.ok) return result.data;
  throw new Error(`${result.error.code}: ${result.error.message}`);
}
