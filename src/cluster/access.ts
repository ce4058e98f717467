import { booleanAt, textAt } from '../kubernetes.ts';
import type { Cluster } from './cluster.ts';
import type { Transport } from './transport.ts';

/** Asks whether we may do something (SelfSubjectAccessReview); any authenticated user may ask. */
export function createAccess(transport: Transport): Cluster['access'] {
  return async ({ verb, group, plural, subresource, namespace, name }, options) => {
    const resourceAttributes = { verb, group, resource: plural, subresource, namespace, name };
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    };
    const { content } = await transport.send(
      {
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(review),
        target: {
          verb: 'create',
          group: 'authorization.k8s.io',
          plural: 'selfsubjectaccessreviews',
          namespaced: false,
        },
        changes: false,
        idempotent: true,
      },
      options,
    );
    return {
      allowed: booleanAt(content, 'status', 'allowed') ?? false,
      reason: textAt(content, 'status', 'reason') ?? '',
    };
  };
}
