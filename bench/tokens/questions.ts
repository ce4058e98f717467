/** Asks one tool; its answer as text, which is counted. */
type Call = (tool: string, input: Readonly<Record<string, unknown>>) => Promise<string>;

/** A question on the sandbox's scenario `busy`, and the calls that answer it. */
export interface Question {
  readonly asked: string;
  /** Ours: one call each. */
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Tokens that our answer may cost. */
  readonly most: number;
  /** The same question to kubernetes-mcp-server, with its default answers; later calls use what earlier ones told. */
  readonly peer: (call: Call) => Promise<void>;
}

const namespace = 'dynamo-system';
const graphs = { apiVersion: 'nvidia.com/v1beta1', kind: 'DynamoGraphDeployment' };
const rayServices = { apiVersion: 'ray.io/v1', kind: 'RayService' };

const podsOf = async (call: Call, name: string): Promise<readonly string[]> => {
  const labelSelector = `nvidia.com/dynamo-graph-deployment-name=${name}`;
  const answer = await call('pods_list_in_namespace', { namespace, labelSelector });
  // NAMESPACE APIVERSION KIND NAME …
  const names = [...answer.matchAll(/\bPod +(\S+)/g)].flatMap(([, pod]) => pod ?? []);
  if (names.length === 0) throw new Error(`no pods of ${name} in: ${answer.slice(0, 500)}`);
  return names;
};

export const questions: readonly Question[] = [
  {
    asked: 'List everything that is deployed',
    tool: 'list_deployments',
    input: { limit: 50 },
    most: 690,
    async peer(call) {
      await call('resources_list', graphs);
      await call('resources_list', rayServices);
    },
  },
  {
    asked: 'State of one',
    tool: 'get_deployment',
    input: { name: 'qwen3-8b' },
    most: 400,
    async peer(call) {
      await call('resources_get', { ...graphs, namespace, name: 'qwen3-8b' });
      await podsOf(call, 'qwen3-8b');
    },
  },
  {
    asked: 'Why is it not running',
    tool: 'diagnose_deployment',
    input: { name: 'vllm-disagg' },
    most: 400,
    async peer(call) {
      await call('resources_get', { ...graphs, namespace, name: 'vllm-disagg' });
      const pods = await podsOf(call, 'vllm-disagg');
      const worker = pods.find((pod) => /worker/i.test(pod)) ?? pods[0];
      await call('pods_get', { namespace, name: worker });
      await call('events_list', { namespace });
      await call('pods_log', { namespace, name: worker, previous: true });
    },
  },
  {
    asked: 'Recent logs',
    tool: 'get_deployment_logs',
    input: { name: 'qwen3-8b' },
    most: 388,
    async peer(call) {
      for (const name of await podsOf(call, 'qwen3-8b')) await call('pods_log', { namespace, name });
    },
  },
  {
    asked: 'Free GPUs',
    tool: 'get_cluster_capacity',
    input: {},
    most: 1_000,
    // What pods ask for stands in no list of it: this is only where GPUs are and which pods are there.
    async peer(call) {
      const nodes = await call('resources_list', { apiVersion: 'v1', kind: 'Node' });
      for (const [, name] of nodes.matchAll(/\bNode +(\S+)/g)) {
        await call('resources_get', { apiVersion: 'v1', kind: 'Node', name });
      }
      await call('pods_list', {});
    },
  },
];
