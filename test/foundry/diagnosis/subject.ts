import type { Subject } from '../../../src/providers/causes.ts';

/** A deployment of ours that asks for little, as far as fixes need to know it. */
export const subject: Subject = {
  name: 'chat',
  namespace: 'team',
  runtime: 'dynamo',
  resource: 'dynamographdeployments.nvidia.com',
  managed: true,
  model: 'meta-llama/Llama-3.1-8B-Instruct',
  engine: 'vllm',
  gpus: 2,
  cpu: null,
  memory: null,
  asked: { model: 'meta-llama/Llama-3.1-8B-Instruct', engine: 'vllm', gpus: 2, replicas: 1, contextLength: 8192 },
  hfTokenSecret: null,
  defaultNamespace: 'dynamo-system',
  nameLimit: 46,
};
