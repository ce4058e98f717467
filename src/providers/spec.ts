import * as z from 'zod';

export const runtimeIds = ['dynamo', 'kuberay'] as const;
export type RuntimeId = (typeof runtimeIds)[number];

export const engines = ['vllm', 'sglang', 'trtllm'] as const;
export type Engine = (typeof engines)[number];

export const modes = ['aggregated', 'disaggregated'] as const;
export type Mode = (typeof modes)[number];

export const routers = ['round-robin', 'random', 'kv', 'direct'] as const;
export type Router = (typeof routers)[number];

export const phases = ['Pending', 'Deploying', 'Running', 'Degraded', 'Failed', 'Suspended', 'Deleting'] as const;
export type Phase = (typeof phases)[number];

export const roles = ['frontend', 'worker', 'prefill', 'decode', 'head'] as const;
export type Role = (typeof roles)[number];

/** Roles that run the model; the others do not count as replicas of it. */
export const workerRoles = ['worker', 'prefill', 'decode'] as const satisfies readonly Role[];
export type WorkerRole = (typeof workerRoles)[number];

// What a pattern allows is said where it stands, as what completes "… is wrong: it takes".

/** DNS-1123 label: namespaces, Secrets' stricter form. */
const label = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    "lower-case letters, digits and '-' between them, at most 63 characters, such as team-a",
  )
  .max(63);
/** DNS-1035 label: what both runtimes ask of a deployment's name. Providers add their own length limits. */
export const deploymentName = z
  .string()
  .regex(
    /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    "lower-case letters, digits and '-' between them, a letter first, at most 63 characters, such as qwen3-8b",
  )
  .max(63);
export const namespaceName = label;
const quantity = z
  .string()
  .regex(
    /^[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/,
    'a number, with m, k, M, G, T, Ki, Mi, Gi or Ti behind it where it needs a unit, such as 64Gi',
  );
/** A Hugging Face repository id, `organisation/model` or `model`. */
export const modelId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)?$/,
    "a Hugging Face id of letters, digits, '.', '_' and '-', such as Qwen/Qwen3-8B",
  )
  .max(200);
/** `registry:port/path:tag@digest`, and no URL. */
const image = z
  .string()
  .regex(
    /^[a-z0-9]+([._-]+[a-z0-9]+)*(:[0-9]+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?$/,
    'an image and no URL, such as registry.example/team/vllm:1.0',
  )
  .max(300);
const labelKey = z
  .string()
  .regex(
    /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
    "letters, digits and '-', '_' or '.' between them, with a domain and '/' before them where there is one, such as nvidia.com/gpu.product",
  )
  .max(317);
const labelValue = z
  .string()
  .regex(
    /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
    "letters, digits and '-', '_' or '.' between them, at most 63 characters, such as NVIDIA-L4",
  )
  .max(63);

/**
 * What a user asks for: the fields of `deploy_model` and `plan_deployment` (design §3).
 * Fields left out are chosen by the provider and by what is installed; nothing is emitted that was not asked for.
 */
export const deploymentSpec = z.strictObject({
  name: deploymentName.describe('deployment name, a DNS label'),
  namespace: namespaceName.optional().describe("default: the runtime's own"),
  runtime: z.enum(runtimeIds),
  model: modelId.describe('Hugging Face id'),
  servedModelName: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._:/-]*$/,
      "letters, digits, '.', '_', ':', '/' and '-', a letter or digit first, such as qwen3-8b",
    )
    .max(200)
    .optional()
    .describe('name in the API; default: the model'),
  engine: z.enum(engines).optional(),
  mode: z.enum(modes).optional(),
  replicas: z.int().min(0).max(1000).optional().describe('default 1; 0 = stopped'),
  prefillReplicas: z.int().min(0).max(1000).optional().describe('mode disaggregated, as decodeReplicas'),
  decodeReplicas: z.int().min(0).max(1000).optional(),
  gpus: z.int().min(1).max(64).optional().describe('per replica; tensor parallelism follows'),
  contextLength: z.int().min(1).max(10_000_000).optional().describe('tokens'),
  quantization: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_.-]*$/, "lower-case letters, digits, '_', '.' and '-', such as fp8")
    .max(40)
    .optional(),
  router: z.enum(routers).optional().describe('dynamo only'),
  hfTokenSecret: label.optional().describe('name of a Secret with key HF_TOKEN, for gated models'),
  engineArgs: z
    .record(z.string().max(80), z.union([z.string().max(1000), z.number(), z.boolean()]))
    .optional()
    .describe("the engine's own flags, without dashes"),
  image: image.optional().describe('default: fits the installed operator'),
  nodeSelector: z.record(labelKey, labelValue).optional(),
  tolerations: z
    .array(
      z.strictObject({
        key: labelKey.optional(),
        operator: z.enum(['Exists', 'Equal']).optional(),
        value: labelValue.optional(),
        effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
      }),
    )
    .max(20)
    .optional(),
  cpu: quantity.optional().describe('per replica'),
  memory: quantity.optional().describe('per replica, such as 64Gi'),
  trustRemoteCode: z.boolean().optional(),
});

/** A parsed spec; `namespace` is filled in by the foundry before a provider sees it. */
export type DeploymentSpec = z.output<typeof deploymentSpec> & { readonly namespace: string };
