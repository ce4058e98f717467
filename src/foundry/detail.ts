import { stringify } from 'yaml';
import * as z from 'zod';
import { booleanAt, groupOf, type KubernetesObject, listAt, numberAt, textAt, valueAt } from '../kubernetes.ts';
import { roles } from '../providers/spec.ts';
import { deployment } from './deployment.ts';
import type { Found } from './lookup.ts';
import { problem } from './problems.ts';
import { redact } from './redaction.ts';
import { inContext } from './shell.ts';
import { plainLine, visibleText } from './untrusted-text.ts';
import { written } from './written-number.ts';

const pod = z.object({
  name: z.string(),
  role: z.enum(roles).nullable(),
  phase: z.string(),
  ready: z.boolean(),
  restarts: z.number(),
  node: z.string().nullable(),
  reason: z.string().nullable(),
  message: z.string().nullable(),
  createdAt: z.string().nullable(),
});

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().nullable(),
  message: z.string().nullable(),
  since: z.string().nullable(),
});

/** A deployment with its pods and conditions, and with its manifest where that was asked for. */
export const deploymentDetail = deployment.extend({
  pods: z.array(pod),
  conditions: z.array(condition),
  manifest: z.string().optional().describe('what the object asks for, YAML'),
  problems: z.array(problem).describe('what could not be read'),
});

export type DeploymentDetail = z.output<typeof deploymentDetail>;

export function describeInDetail(
  found: Found,
  options: { readonly manifest: boolean; readonly context: string | undefined },
): DeploymentDetail {
  const { primary } = found.snapshot;
  return {
    ...found.deployment,
    pods: podsOf(found),
    conditions: listAt(primary, 'status', 'conditions').flatMap((item) => describeCondition(item)),
    ...(options.manifest && { manifest: manifestOf(primary, options.context) }),
    problems: [...found.problems],
  };
}

function podsOf({ provider, snapshot }: Found): DeploymentDetail['pods'] {
  try {
    // By name, as a server lists them, in whatever order they were heard of.
    return provider.reading
      .pods(snapshot)
      .map(({ pod: object, role }) => describePod(object, role))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch {
    return [];
  }
}

function describePod(object: KubernetesObject, role: DeploymentDetail['pods'][number]['role']) {
  const containers = listAt(object, 'status', 'containerStatuses');
  const all = [...listAt(object, 'status', 'initContainerStatuses'), ...containers];
  const trouble = all
    .map((container) => valueAt(container, 'state', 'waiting') ?? valueAt(container, 'state', 'terminated'))
    .find((state) => state !== undefined && textAt(state, 'reason') !== 'Completed');
  const blocked = listAt(object, 'status', 'conditions').find(
    (item) => textAt(item, 'type') === 'PodScheduled' && textAt(item, 'status') === 'False',
  );
  const cause = trouble ?? blocked;
  return {
    name: object.metadata.name,
    role,
    phase: object.metadata.deletionTimestamp ? 'Terminating' : (textAt(object, 'status', 'phase') ?? 'Unknown'),
    ready: containers.length > 0 && containers.every((container) => booleanAt(container, 'ready') === true),
    restarts: containers.reduce<number>((sum, container) => sum + (numberAt(container, 'restartCount') ?? 0), 0),
    node: textAt(object, 'spec', 'nodeName') ?? null,
    reason: lineAt(cause, 'reason'),
    message: lineAt(cause, 'message'),
    createdAt: textAt(object, 'metadata', 'creationTimestamp') ?? null,
  };
}

function describeCondition(item: unknown): DeploymentDetail['conditions'] {
  const type = textAt(item, 'type');
  const status = textAt(item, 'status');
  if (type === undefined || status === undefined) return [];
  const since = textAt(item, 'lastTransitionTime') ?? null;
  return [{ type, status, reason: lineAt(item, 'reason'), message: lineAt(item, 'message'), since }];
}

const lineAt = (value: unknown, field: string): string | null => {
  const text = textAt(value, field);
  return text === undefined ? null : plainLine(text);
};

/** Characters of a manifest: others' may be as large as etcd lets them be. */
const longestManifest = 8_000;

/** What the object asks for, without what may be secret, unseen, or kept by the server for itself; cut with a count. */
function manifestOf({ apiVersion, kind, metadata, spec }: KubernetesObject, context: string | undefined): string {
  const { name, namespace = '', labels, annotations, finalizers } = metadata;
  const object = { apiVersion, kind, metadata: { name, namespace, labels, annotations, finalizers }, spec };
  const text = visibleText(stringify(redact(object)));
  if (text.length <= longestManifest) return text;
  const more = written(text.length - longestManifest);
  const command = `kubectl get ${kind.toLowerCase()}.${groupOf(apiVersion)} ${name} -n ${namespace} -o yaml`;
  const all = inContext(command, context);
  return `${text.slice(0, longestManifest)}\n# ${more} more characters; ${all} shows all`;
}
