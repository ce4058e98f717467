import { onTestFinished, vi } from 'vitest';
import { createHelmInstaller } from '../../src/cluster/helm.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { valueAt } from '../../src/kubernetes.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { startApiProxy } from '../support/api-proxy.ts';
import { type Answer, connectAssistant } from './assistant.ts';
import { altered, brokenHelm, refusingServer } from './broken-surroundings.ts';
import { allowOnly, createByOthers, createNamespace, model, primaries, rule, soon } from './fixtures.ts';
import type { World } from './world.ts';

export interface Case {
  /** Completes "QUOTA when …". */
  readonly when: string;
  readonly provoke: (world: World) => Promise<Answer>;
  /** What the message or its hint has to say. */
  readonly says: RegExp;
}

const namespaces = { group: '', kind: 'Namespace' };

/** kube-controller-manager looks for new kinds, to count them, every 30 s. */
const atLast = { ...soon, timeout: 60_000 };

/** A deployment of ours that nobody waits for, and who made it. */
async function deployed(world: World, options: Parameters<typeof connectAssistant>[1] = {}) {
  const namespace = await createNamespace(world);
  const spec = { name: 'chat', namespace, model, runtime: 'kuberay' as const };
  await (await connectAssistant(world)).call(deployModel, spec);
  return { spec, namespace, assistant: await connectAssistant(world, options) };
}

/** One way to every code that these tools can answer with on a cluster that has both runtimes. */
export const provoked = {
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
      const kubeconfig = await altered(world.kubeconfig, (text) => text.replace(/token: .*/, 'token: expired'));
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
    says: /Not allowed to get .* in namespace kf-test-/,
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
      }, atLast);
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
    says: /in namespace (kf-test-\S+)\.\nHint: Did you mean \1\/chat( or \S+){0,2}\?/,
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
    says: /2 deployments are called twin: kf-test-\S+ \(dynamo\), kf-test-\S+ \(kuberay\)/,
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
    says: /Delete RayService kf-test-\S+\/chat/,
  },
  CLUSTER_UNREACHABLE: {
    when: 'nothing listens where the kubeconfig leads',
    async provoke(world) {
      const server = await refusingServer();
      const kubeconfig = await altered(world.kubeconfig, (text) => text.replace(/server: .*/, `server: ${server}`));
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
      const assistant = await connectAssistant(world, { installer });
      return assistant.send('install_runtime', { runtime: 'dynamo', version });
    },
    says: /chart not found in repository/,
  },
} as const satisfies Partial<Record<ErrorCode, Case>>;
