import type { Call } from '../call.ts';
import { at, isText, listOr, objectOr } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { forbidden } from '../objects/status.ts';

const evictionSeconds = 300;

const evictions = ['not-ready', 'unreachable'].map((state) => ({
  key: `node.kubernetes.io/${state}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: evictionSeconds,
}));

/** Gives a new pod its ServiceAccount, priority and default tolerations. The token volume is left out. */
export function admitPod({ api, resource, namespace = '' }: Call, pod: ApiObject): ApiObject {
  const spec = objectOr(pod.spec);
  const account =
    isText(spec.serviceAccountName) && spec.serviceAccountName !== '' ? spec.serviceAccountName : 'default';
  if (api.store.get('serviceaccounts', namespace, account) === undefined) {
    const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
    throw forbidden(resource, pod.metadata.name, why);
  }
  const given = listOr(spec.tolerations);
  const missing = evictions.filter(({ key }) => !given.some((toleration) => at(toleration, 'key') === key));
  return {
    ...pod,
    spec: {
      ...spec,
      serviceAccountName: account,
      serviceAccount: account,
      priority: spec.priority ?? 0,
      preemptionPolicy: spec.preemptionPolicy ?? 'PreemptLowerPriority',
      tolerations: [...given, ...missing],
    },
  };
}
