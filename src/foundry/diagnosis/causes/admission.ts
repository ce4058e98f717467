import type { Cause } from '../../../providers/causes.ts';
import { editByHand, refOf, removeIt, toolCall } from '../../../providers/fixes.ts';

/** Where refusals of the API server are told: conditions of what should have made the pods, and events. */
const sorts = ['condition', 'event', 'status'] as const;

/** Why the API server does not let pods or other parts of it be created. */
export const admissionCauses: readonly Cause[] = [
  {
    code: 'QUOTA_EXCEEDED',
    sorts,
    pattern: /exceeded quota: (?<quota>[a-z0-9.-]{1,253})/i,
    title: ({ quota }) => `The namespace's ResourceQuota ${quota} has no room for its pods.`,
    fix: ({ namespace }, { quota }) => `kubectl describe quota ${quota} -n ${namespace}`,
  },
  {
    code: 'LIMIT_RANGE_EXCEEDED',
    sorts,
    pattern:
      /(?:maximum|minimum) (?<resource>cpu|memory|[\w./-]{1,60}) usage per (?:Container|Pod) is|failed quota: .*must specify/i,
    title: () => "The namespace's LimitRange or quota does not allow what its pods ask for.",
    fix: ({ namespace }) => `kubectl describe limitrange,quota -n ${namespace}`,
  },
  {
    code: 'POD_SECURITY_DENIED',
    sorts,
    pattern: /violates PodSecurity "(?<level>[a-z]+)/i,
    title: ({ level }) => `The namespace enforces Pod Security level ${level}, which its pods violate.`,
    fix: ({ namespace }) =>
      `kubectl label namespace ${namespace} pod-security.kubernetes.io/enforce=baseline --overwrite`,
  },
  {
    code: 'WEBHOOK_DOWN',
    sorts,
    pattern: /failed calling webhook "(?<webhook>[a-z0-9.-]{1,253})"/i,
    title: ({ webhook }) => `The admission webhook ${webhook} does not answer, so nothing can be created.`,
    fix: () => 'kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations',
  },
  {
    code: 'WEBHOOK_DENIED',
    sorts,
    pattern:
      /admission webhook "(?<webhook>(?!v(?:dynamo|ray))[a-z0-9.-]{1,253})" denied|ValidatingAdmissionPolicy '(?<policy>[\w.-]{1,253})'/i,
    title: ({ webhook, policy }) => `A policy of the cluster (${webhook ?? policy}) denies its pods.`,
    fix: (about) => editByHand(about),
  },
  {
    code: 'SERVICE_ACCOUNT_MISSING',
    sorts,
    pattern: /serviceaccount "(?<account>[a-z0-9.-]{1,253})" not found/i,
    title: ({ account }) => `Its ServiceAccount ${account} does not exist.`,
    fix: ({ namespace }, { account }) => `kubectl create serviceaccount ${account} -n ${namespace}`,
  },
  {
    code: 'NAME_TOO_LONG',
    sorts,
    pattern:
      /must be no more than (?<limit>\d+) (?:characters|bytes)|name (?:is )?too long|(?:name|length)\D{0,40}(?:exceeds?|longer than)\D{0,20}\d+ char/i,
    title: (_, { nameLimit }) =>
      `A name made from the deployment's is too long: at most ${nameLimit} characters work in this namespace.`,
    fix: (about) => (about.managed ? removeIt(about) : toolCall('get_deployment', { ...refOf(about), detail: true })),
  },
  {
    code: 'NAME_INVALID',
    sorts,
    pattern: /is invalid: \[?metadata\.(?:generateName|name|labels)\b.*Invalid value/s,
    title: () => 'A name that is part of those of its pods has characters that Kubernetes does not allow.',
    fix: (about) => editByHand(about),
  },
  {
    code: 'POD_REFUSED',
    rank: 'symptom',
    sorts: ['condition', 'event'],
    pattern: /FailedCreate|is forbidden:|is invalid:/,
    title: () => 'The API server refuses to create its pods.',
    fix: (about) => editByHand(about),
  },
];
