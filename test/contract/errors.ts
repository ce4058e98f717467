import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createHelmInstaller } from '../../src/cluster/helm.ts';
import { type ErrorCode, errorStatus } from '../../src/errors.ts';
import { valueAt } from '../../src/kubernetes.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { startApiProxy } from '../support/api-proxy.ts';
import { type Answer, connectAssistant } from './assistant.ts';
import { allowOnly, createByOthers, createNamespace, model, primaries, rule, soon } from './fixtures.ts';
import type { World } from './world.ts';

interface Case {
  /** Completes "QUOTA when …". */
  readonly when: string;
  readonly provoke: (world: World) => Promise<Answer>;
  /** What the message or its hint has to say. */
  readonly says: RegExp;
}

const namespaces = { group: '', kind: 'Namespace' };

/** A deployment of ours that nobody waits for, and who made it. */
async function deployed(world: World, options: Parameters<typeof connectAssistant>[1] = {}) {
  const namespace = await createNamespace(world);
  const spec = { name: 'chat', namespace, model, runtime: 'kuberay' as const };
  await (await connectAssistant(world)).call(deployModel, spec);
  return { spec, namespace, assistant: await connectAssistant(world, options) };
}

/** Path of the administrator's kubeconfig with every `from` replaced. */
async function altered(world: World, change: (text: string) => string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'altered-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'kubeconfig.yaml');
  await writeFile(file, change(await readFile(world.kubeconfig, 'utf8')), { mode: 0o600 });
  return file;
}

/** A port of this machine on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<unknown>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(valueAt(server.address(), 'port')));
  });
  await new Promise((resolve) => server.close(resolve));
  return Number(port);
}

/** A helm that has a good version and fails at everything else. */
async function brokenHelm(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'broken-helm-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const script = `#!/bin/sh
if [ "$1" = version ]; then echo v4.1.4; exit 0; fi
echo "Error: chart not found in repository" >&2
exit 1
`;
  await writeFile(join(folder, 'helm'), script);
  await chmod(join(folder, 'helm'), 0o755);
  return join(folder, 'helm');
}

const provoked = {
  INPUT_INVALID: {
    when: 'a field has a value that cannot be',
    provoke: async (world) =>
      (await connectAssistant(world)).send('deploy_model', { name: 'Chat_1', model, runtime: 'dynamo' }),
    says: /name: "Chat_1"/,
  },
  RUNTIME_REQUIRED: {
    when: 'the runtime is left out',
    provoke: async (world) => (await connectAssistant(world)).send('deploy_model', { name: 'chat', model }),
    says: /installed here: dynamo, kuberay/,
  },
  RUNTIME_UNKNOWN: {
    when: 'there is no such runtime',
    provoke: async (world) =>
      (await connectAssistant(world)).send('deploy_model', { name: 'chat', model, runtime: 'kaito' }),
    says: /dynamo or kuberay/,
  },
  INVALID_FOR_RUNTIME: {
    when: 'the runtime does not have the engine',
    provoke: async (world) =>
      (await connectAssistant(world)).send('deploy_model', {
        name: 'chat',
        model,
        runtime: 'kuberay',
        engine: 'sglang',
      }),
    says: /vllm only/,
  },
  UNAUTHENTICATED: {
    when: 'the server does not accept the token',
    async provoke(world) {
      const kubeconfig = await altered(world, (text) => text.replace(/token: .*/, 'token: expired'));
      return (await connectAssistant(world, { kubeconfig })).send('list_deployments', {});
    },
    says: /does not accept our credentials/,
  },
  FORBIDDEN: {
    when: 'a right is missing',
    async provoke(world) {
      const namespace = await createNamespace(world);
      const kubeconfig = await allowOnly(world, namespace, { there: [rule('', 'pods', 'list')] });
      const assistant = await connectAssistant(world, { kubeconfig });
      return assistant.send('get_deployment', { name: 'chat', namespace });
    },
    says: /Not allowed to list .* in namespace team-/,
  },
  QUOTA: {
    when: 'the quota of the namespace is used up',
    async provoke(world) {
      const namespace = await createNamespace(world);
      const { plural, group } = primaries.kuberay;
      const hard = { [`count/${plural}.${group}`]: '0' };
      const quota = { group: '', kind: 'ResourceQuota' };
      const place = { namespace, name: 'none' };
      await world.admin.apply({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: place, spec: { hard } });
      await vi.waitFor(async () => {
        const counted = valueAt(await world.admin.get(quota, place), 'status', 'used', `count/${plural}.${group}`);
        if (counted === undefined) throw new Error('the quota is not counted yet');
      }, soon);
      const spec = { name: 'chat', namespace, model, runtime: 'kuberay' };
      return (await connectAssistant(world)).send('deploy_model', spec);
    },
    says: /exceeded quota: none/,
  },
  READ_ONLY: {
    when: 'the program was started with --read-only',
    async provoke(world) {
      const namespace = await createNamespace(world);
      const assistant = await connectAssistant(world, { readOnly: true });
      return assistant.send('deploy_model', { name: 'chat', namespace, model, runtime: 'dynamo' });
    },
    says: /without --read-only/,
  },
  DECLINED: {
    when: 'the human says no',
    async provoke(world) {
      const { namespace, assistant } = await deployed(world, { human: 'decline' });
      return assistant.send('delete_deployment', { name: 'chat', namespace });
    },
    says: /declined: Delete RayService/,
  },
  NOT_FOUND: {
    when: 'there is no deployment of that name',
    async provoke(world) {
      const { namespace, assistant } = await deployed(world);
      return assistant.send('get_deployment', { name: 'chta', namespace });
    },
    says: /Did you mean team-\d+\/chat/,
  },
  ALREADY_EXISTS: {
    when: 'a deployment of that name is another one',
    async provoke(world) {
      const { spec, assistant } = await deployed(world);
      return assistant.send('deploy_model', { ...spec, model: 'Qwen/Qwen3-8B' });
    },
    says: /Qwen3-8B.*\n.*replace: true/,
  },
  AMBIGUOUS: {
    when: 'several deployments have the name',
    async provoke(world) {
      const assistant = await connectAssistant(world);
      for (const runtime of ['dynamo', 'kuberay'] as const) {
        await assistant.call(deployModel, { name: 'twin', namespace: await createNamespace(world), model, runtime });
      }
      return assistant.send('get_deployment', { name: 'twin' });
    },
    says: /2 deployments are called twin: team-\d+ \(dynamo\), team-\d+ \(kuberay\)/,
  },
  CONFLICT: {
    when: 'a deployment of that name is still being deleted',
    async provoke(world) {
      const { spec, namespace, assistant } = await deployed(world);
      const place = { namespace, name: 'chat' };
      const { metadata } = (await world.admin.get(primaries.kuberay, place)) ?? {};
      const finalizers = [...(metadata?.finalizers ?? []), 'example.com/backup'];
      await world.admin.patch(primaries.kuberay, place, { metadata: { finalizers } });
      onTestFinished(async () => {
        await world.admin.patch(primaries.kuberay, place, { metadata: { finalizers: null } });
      });
      await world.admin.delete(primaries.kuberay, place);
      return assistant.send('deploy_model', spec);
    },
    says: /is being deleted/,
  },
  NOT_MANAGED: {
    when: 'others made it',
    async provoke(world) {
      const namespace = await createNamespace(world);
      await createByOthers(world, { runtime: 'dynamo', namespace, name: 'chat' });
      return (await connectAssistant(world)).send('delete_deployment', { name: 'chat', namespace });
    },
    says: /unmanaged: true/,
  },
  NO_CAPACITY: {
    when: 'a replica asks for more GPUs than any node has',
    provoke: async (world) =>
      (await connectAssistant(world)).send('deploy_model', { name: 'chat', model, runtime: 'dynamo', gpus: 64 }),
    says: /gpu-h100-0, has 8/,
  },
  RUNTIME_UNHEALTHY: {
    when: "the operator's webhook does not answer",
    async provoke(world) {
      const namespace = await createNamespace(world);
      const metadata = { name: `dead-${namespace}` };
      await world.admin.apply({
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata,
        webhooks: [
          {
            name: 'vrayservice.kb.io',
            clientConfig: { service: { namespace: 'kuberay-system', name: 'webhook-service', path: '/validate' } },
            rules: [{ apiGroups: ['ray.io'], apiVersions: ['*'], operations: ['CREATE'], resources: ['rayservices'] }],
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
            failurePolicy: 'Fail',
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
          },
        ],
      });
      const kind = { group: 'admissionregistration.k8s.io', kind: 'ValidatingWebhookConfiguration' };
      onTestFinished(async () => void (await world.admin.delete(kind, metadata)));
      const assistant = await connectAssistant(world);
      const spec = { name: 'chat', namespace, model, runtime: 'kuberay' };
      // A real server learns of webhooks a moment after they were made.
      await vi.waitFor(async () => {
        const { text } = await assistant.send('plan_deployment', spec);
        if (!text.includes('webhook')) throw new Error('the webhook is not called yet');
      }, soon);
      return assistant.send('deploy_model', spec);
    },
    says: /vrayservice\.kb\.io/,
  },
  REJECTED: {
    when: 'the namespace is on its way out',
    async provoke(world) {
      const namespace = await createNamespace(world);
      const metadata = { name: 'kept', namespace, finalizers: ['example.com/backup'] };
      await world.admin.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
      onTestFinished(async () => {
        const place = { namespace, name: 'kept' };
        await world.admin.patch({ group: '', kind: 'ConfigMap' }, place, { metadata: { finalizers: null } });
      });
      await world.admin.delete(namespaces, { name: namespace });
      const spec = { name: 'chat', namespace, model, runtime: 'dynamo' };
      return (await connectAssistant(world)).send('deploy_model', spec);
    },
    says: /being terminated/,
  },
  NOT_SUPPORTED: {
    when: 'a change needs a new deployment',
    async provoke(world) {
      const namespace = await createNamespace(world);
      const assistant = await connectAssistant(world);
      const spec = { name: 'chat', namespace, model, runtime: 'dynamo' as const };
      await assistant.call(deployModel, spec);
      return assistant.send('deploy_model', { ...spec, mode: 'disaggregated', replace: true });
    },
    says: /delete_deployment/,
  },
  CONFIRMATION_REQUIRED: {
    when: 'the client cannot ask anybody',
    async provoke(world) {
      const { namespace, assistant } = await deployed(world, { human: 'absent' });
      return assistant.send('delete_deployment', { name: 'chat', namespace });
    },
    says: /Delete RayService team-\d+\/chat/,
  },
  CLUSTER_UNREACHABLE: {
    when: 'nothing listens where the kubeconfig leads',
    async provoke(world) {
      const server = `https://127.0.0.1:${await closedPort()}`;
      const kubeconfig = await altered(world, (text) => text.replace(/server: .*/, `server: ${server}`));
      return (await connectAssistant(world, { kubeconfig })).send('list_deployments', {});
    },
    says: /https:\/\/127\.0\.0\.1:\d+/,
  },
  TIMEOUT: {
    when: 'the server takes the request and does not answer',
    async provoke(world) {
      const proxy = await startApiProxy(world.kubeconfig);
      onTestFinished(() => proxy.stop());
      proxy.hold(/^GET \/(version|api)/);
      return (await connectAssistant({ ...world, kubeconfig: proxy.kubeconfig })).send('list_deployments', {});
    },
    says: /did not answer within/,
  },
  HELM_FAILED: {
    when: 'helm fails',
    async provoke(world) {
      const installer = createHelmInstaller({ kubeconfig: [world.kubeconfig], helm: await brokenHelm() });
      const version = world.releases.dynamo.version.replace(/\d+$/, '99');
      return (await connectAssistant(world, { installer })).send('install_runtime', { runtime: 'dynamo', version });
    },
    says: /chart not found in repository/,
  },
} as const satisfies Partial<Record<ErrorCode, Case>>;

/** Codes that these tools do not answer with on a cluster that has both runtimes, and why. */
const unprovoked: Readonly<Record<Exclude<ErrorCode, keyof typeof provoked>, string>> = {
  RUNTIME_NOT_INSTALLED: 'both runtimes are here; provoked on the bare cluster and where CRDs disappear',
  HELM_MISSING: 'without helm install_runtime gives the commands instead; tried on the bare cluster',
  INTERNAL: 'stands for a bug of ours',
};

/** Every code of design §7, on a cluster that has both runtimes. */
export function describeErrors(world: () => World): void {
  describe('an error', () => {
    test.each(Object.entries<Case>(provoked))('%s', async (code, { provoke, says }) => {
      const answer = await provoke(world());
      expect(answer).toMatchObject({ code });
      expect(answer.text).toMatch(says);
      expect(answer.text).toMatch(/\nHint: \S/);
    });

    test('of every code is provoked, or there is a reason why not', () => {
      expect(Object.keys({ ...provoked, ...unprovoked }).sort()).toEqual(Object.keys(errorStatus).sort());
    });
  });
}
