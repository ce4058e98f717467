import type { RuntimeOffer } from '../../foundry/runtime-offers.ts';
import type { DeploymentSpec } from '../../foundry/spec.ts';
import type { notations } from './written.ts';

export type FieldId = keyof DeploymentSpec;

/** What the fields that are shown, and their choices, depend on. */
export interface Chosen {
  /** Absent as long as no runtime is chosen. */
  readonly offer?: RuntimeOffer;
  readonly engine?: RuntimeOffer['engines'][number];
  readonly mode?: RuntimeOffer['modes'][number];
}

export interface FormField {
  readonly id: FieldId;
  readonly label: string;
  readonly kind: keyof typeof notations;
  /** Said while one is in it. */
  readonly help: string;
  readonly required?: true;
  /** Only once that section is open. */
  readonly advanced?: true;
  /** What there is to choose from. The first one is taken where nothing is chosen; '' is written as `default`. */
  readonly options?: (offer: RuntimeOffer) => readonly string[];
  /** What is taken where nothing is written. */
  readonly standard?: (offer: RuntimeOffer | undefined) => string;
  readonly isShown?: (chosen: Chosen) => boolean;
}

const isApart = ({ mode }: Chosen): boolean => mode === 'disaggregated';
const hasRuntime = ({ offer }: Chosen): boolean => offer !== undefined;

/** The rows of the form, from top to bottom: one for each field of a spec. */
export const formFields: readonly FormField[] = [
  {
    id: 'name',
    label: 'Name',
    kind: 'text',
    required: true,
    help: 'What the deployment is called: lower-case letters, digits, dashes.',
  },
  { id: 'runtime', label: 'Runtime', kind: 'choice', help: 'What serves the model. Space chooses.' },
  { id: 'model', label: 'Model', kind: 'text', required: true, help: 'Hugging Face id, such as Qwen/Qwen3-0.6B.' },
  {
    id: 'engine',
    label: 'Engine',
    kind: 'choice',
    help: 'What runs the model.',
    options: ({ engines }) => engines,
    isShown: hasRuntime,
  },
  {
    id: 'mode',
    label: 'Mode',
    kind: 'choice',
    help: 'Disaggregated: prefill and decode in replicas of their own.',
    options: ({ modes }) => modes,
    isShown: hasRuntime,
  },
  {
    id: 'router',
    label: 'Router',
    kind: 'choice',
    help: 'How requests find their worker; kv: where their cache is.',
    options: ({ routers }) => ['', ...routers],
    isShown: hasRuntime,
  },
  {
    id: 'namespace',
    label: 'Namespace',
    kind: 'text',
    help: "The runtime's own, until you write another one.",
    standard: (offer) => offer?.defaultNamespace ?? "the runtime's own",
  },
  {
    id: 'gpus',
    label: 'GPUs',
    kind: 'number',
    help: 'Per replica; tensor parallelism follows.',
    standard: () => '1',
  },
  {
    id: 'replicas',
    label: 'Replicas',
    kind: 'number',
    help: 'Copies of the model; 0 = stopped.',
    standard: () => '1',
    isShown: (chosen) => !isApart(chosen),
  },
  {
    id: 'prefillReplicas',
    label: 'Prefill',
    kind: 'number',
    help: 'Replicas that read prompts.',
    standard: () => '1',
    isShown: isApart,
  },
  {
    id: 'decodeReplicas',
    label: 'Decode',
    kind: 'number',
    help: 'Replicas that write answers.',
    standard: () => '1',
    isShown: isApart,
  },
  {
    id: 'servedModelName',
    label: 'Served name',
    kind: 'text',
    advanced: true,
    help: 'What clients call the model; default: the model.',
  },
  { id: 'contextLength', label: 'Context', kind: 'number', advanced: true, help: 'Longest context in tokens.' },
  { id: 'quantization', label: 'Quantization', kind: 'text', advanced: true, help: 'Such as fp8, awq, gptq.' },
  {
    id: 'hfTokenSecret',
    label: 'Token secret',
    kind: 'text',
    advanced: true,
    help: 'Name of a Secret with the key HF_TOKEN, for gated models.',
  },
  {
    id: 'engineArgs',
    label: 'Engine args',
    kind: 'arguments',
    advanced: true,
    help: "The engine's own flags: max-num-seqs=64 enable-prefix-caching",
  },
  {
    id: 'image',
    label: 'Image',
    kind: 'text',
    advanced: true,
    help: 'Default: the one that fits the installed operator.',
  },
  { id: 'cpu', label: 'CPU', kind: 'text', advanced: true, help: 'Per replica, such as 8.' },
  { id: 'memory', label: 'Memory', kind: 'text', advanced: true, help: 'Per replica, such as 64Gi.' },
  {
    id: 'nodeSelector',
    label: 'Node labels',
    kind: 'labels',
    advanced: true,
    help: 'Nodes to run on: nvidia.com/gpu.product=H100 zone=a',
  },
  {
    id: 'tolerations',
    label: 'Tolerations',
    kind: 'tolerations',
    advanced: true,
    help: 'Taints to put up with: team=research:NoExecute gpu:NoSchedule',
  },
  {
    id: 'trustRemoteCode',
    label: 'Remote code',
    kind: 'toggle',
    advanced: true,
    help: 'Runs code that comes with the model. Space turns it on and off.',
  },
];

/** Whether a field means anything with what is chosen. */
export function isMeant({ id, isShown }: FormField, chosen: Chosen): boolean {
  const { offer, engine } = chosen;
  const isUnused = offer !== undefined && engine !== undefined && offer.unused(engine).includes(id);
  return !isUnused && (isShown?.(chosen) ?? true);
}
