import type { KubernetesObject } from '../../kubernetes.ts';

/** Why the API server's admission does not let a pod be made, in its words. */
export const refusals = {
  'policy-denied': () =>
    'admission webhook "validation.gatekeeper.sh" denied the request: [allowed-repos] container <main> has an invalid image repo',
  'pod-security-denied': (pod: string) =>
    `pods "${pod}" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true`,
  'webhook-down': () =>
    'Internal error occurred: failed calling webhook "mutate.policies.example.com": failed to call webhook: Post "https://policies.policy-system.svc:443/mutate?timeout=10s": dial tcp 10.96.12.7:443: connect: connection refused',
  'limit-range-exceeded': (pod: string) =>
    `pods "${pod}" is forbidden: [maximum memory usage per Container is 16Gi, but limit is 32Gi]`,
} as const satisfies Record<string, (pod: string) => string>;

const isRefusal = (kind: string | undefined): kind is keyof typeof refusals =>
  kind !== undefined && Object.hasOwn(refusals, kind);

/** What the server says to the creation of that pod, where such a failure was wished. */
export const refusalOf = ({ metadata }: KubernetesObject, kind: string | undefined): string | undefined =>
  isRefusal(kind) ? refusals[kind](metadata.name) : undefined;
