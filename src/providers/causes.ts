import type { AskedSpec } from './asked.ts';
import type { Engine, RuntimeId } from './spec.ts';

/** Every cause that diagnosis can name. Codes are stable: agents and runbooks refer to them. */
export const causeCodes = [
  'IMAGE_NOT_FOUND',
  'IMAGE_UNAUTHORIZED',
  'IMAGE_RATE_LIMITED',
  'IMAGE_REGISTRY_UNREACHABLE',
  'IMAGE_NODE_FULL',
  'IMAGE_WRONG_PLATFORM',
  'IMAGE_NAME_INVALID',
  'IMAGE_PULL_FAILED',
  'GPUS_NONE',
  'GPUS_TOO_MANY',
  'GPUS_IN_USE',
  'CPU_SHORT',
  'MEMORY_SHORT',
  'NODE_TAINTED',
  'NODE_DOWN',
  'NODE_CORDONED',
  'NODE_SELECTOR_UNMATCHED',
  'NODE_PODS_FULL',
  'VOLUME_ON_OTHER_NODE',
  'GANG_WAITING',
  'UNSCHEDULABLE',
  'CLAIM_MISSING',
  'STORAGE_CLASS_MISSING',
  'CLAIM_PENDING',
  'MOUNT_FAILED',
  'SECRET_MISSING',
  'SECRET_KEY_MISSING',
  'CONFIG_MAP_MISSING',
  'SERVICE_ACCOUNT_MISSING',
  'CONTAINER_COMMAND_MISSING',
  'CONTAINER_CONFIG_INVALID',
  'QUOTA_EXCEEDED',
  'LIMIT_RANGE_EXCEEDED',
  'POD_SECURITY_DENIED',
  'WEBHOOK_DENIED',
  'WEBHOOK_DOWN',
  'NAME_TOO_LONG',
  'NAME_INVALID',
  'POD_REFUSED',
  'OUT_OF_MEMORY',
  'POD_EVICTED',
  'LIVENESS_FAILED',
  'CONTAINER_KILLED',
  'CRASH_LOOP',
  'MODEL_GATED',
  'MODEL_NOT_FOUND',
  'MODEL_DOWNLOAD_FAILED',
  'DISK_FULL',
  'CUDA_DRIVER_TOO_OLD',
  'GPU_NOT_VISIBLE',
  'GPU_UNSUPPORTED',
  'KV_CACHE_TOO_SMALL',
  'GPU_OUT_OF_MEMORY',
  'SHARED_MEMORY_SHORT',
  'NCCL_FAILED',
  'MODEL_CODE_UNTRUSTED',
  'MODEL_UNSUPPORTED',
  'QUANTIZATION_MISMATCH',
  'TOKENIZER_MISMATCH',
  'PARALLELISM_INVALID',
  'ENGINE_ARGUMENT_UNKNOWN',
  'MODULE_MISSING',
  'MESSAGING_UNREACHABLE',
  'READINESS_FAILED',
  'LOADING_TOO_LONG',
  'IMAGE_SLOW',
  'OPERATOR_SILENT',
  'REPLICA_LOST',
  'HEAD_LOST',
  'OPERATOR_MISSING',
  'OPERATOR_DOWN',
  'CONVERSION_DOWN',
  'NAMESPACE_NOT_WATCHED',
  'SPEC_REFUSED',
  'SPEC_UNREADABLE',
  'MULTINODE_UNSUPPORTED',
  'SERVE_CONFIG_INVALID',
  'HEAD_PORT_MISSING',
  'DASHBOARD_UNREACHABLE',
  'CLUSTER_NOT_SCALED',
  'APPLICATION_WAITS_FOR_ROOM',
  'APPLICATION_FAILED',
  'APPLICATION_UNHEALTHY',
  'START_TIMED_OUT',
  'RECONCILE_FAILED',
  'UPGRADE_STUCK',
  'DELETION_HELD',
] as const;
export type CauseCode = (typeof causeCodes)[number];

/** What a line of evidence is: a table looks only at the sorts that it names. */
export type LineSort =
  | 'status'
  | 'condition'
  | 'event'
  | 'scheduler'
  | 'container'
  | 'log'
  | 'claim'
  | 'operator'
  | 'unread';

/** One line of evidence. `text` was written by others. */
export interface Line {
  readonly sort: LineSort;
  /** What said it: `pod x`, `log of x/main`, `RayService x Ready`. */
  readonly source: string;
  readonly text: string;
  /** How often it was said, or on how many pods. */
  readonly count: number;
}

/** What fixes need to know of the deployment; `null` = unknown. */
export interface Subject {
  readonly name: string;
  readonly namespace: string;
  readonly runtime: RuntimeId;
  /** `<plural>.<group>`, for kubectl. */
  readonly resource: string;
  /** Made by KubeFoundry, so that `deploy_model` may change it. */
  readonly managed: boolean;
  readonly model: string | null;
  readonly engine: Engine | null;
  /** Per replica of the model. */
  readonly gpus: number | null;
  /** Limits of a container that runs the model. */
  readonly cpu: string | null;
  readonly memory: string | null;
  /** What was asked for to get it. */
  readonly asked: AskedSpec | null;
  /** The Secret that its pods take the Hugging Face token from. */
  readonly hfTokenSecret: string | null;
  readonly defaultNamespace: string;
  readonly nameLimit: number;
}

/** How much a finding explains: a cause hides the symptoms that it leads to. */
type Rank = 'cause' | 'symptom';

/** One cause as data: the first line of these sorts that the pattern fits is its evidence. */
export interface Cause {
  readonly code: CauseCode;
  /** Default `cause`. */
  readonly rank?: Rank;
  readonly sorts: readonly LineSort[];
  readonly pattern: RegExp;
  /** What is the matter, in words of ours; `groups` of the pattern may only let through what a name or a number can hold. */
  title(groups: Readonly<Record<string, string | undefined>>, about: Subject): string;
  /** One tool call or command. */
  fix(about: Subject, groups: Readonly<Record<string, string | undefined>>): string;
}
