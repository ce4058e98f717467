import type { Call } from '../call.ts';
import { at, isText, type Json, type JsonObject, listOr, objectOr } from '../objects/json.ts';
import { generatedSuffix } from '../objects/names.ts';
import type { ApiObject } from '../objects/object.ts';
import { forbidden } from '../objects/status.ts';

const evictionSeconds = 300;

const evictions = ['not-ready', 'unreachable'].map((state) => ({
  key: `node.kubernetes.io/${state}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: evictionSeconds,
}));

const tokenFolder = '/var/run/secrets/kubernetes.io/serviceaccount';
const tokenSeconds = 3607;
const readable = 420;

/** The volume with the token of a pod's ServiceAccount, mounted into all its containers that have none there. */
function withToken(account: ApiObject, spec: JsonObject): JsonObject {
  if ((spec.automountServiceAccountToken ?? account.automountServiceAccountToken) === false) return spec;
  const name = `kube-api-access-${generatedSuffix()}`;
  const hasMount = (container: Json) =>
    listOr(at(container, 'volumeMounts')).some((mount) => at(mount, 'mountPath') === tokenFolder);
  const mount = { name, readOnly: true, mountPath: tokenFolder };
  const mounted = (list: Json | undefined) =>
    listOr(list).map((container) =>
      hasMount(container)
        ? container
        : { ...objectOr(container), volumeMounts: [...listOr(at(container, 'volumeMounts')), mount] },
    );
  if ([...listOr(spec.containers), ...listOr(spec.initContainers)].every(hasMount)) return spec;
  const sources = [
    { serviceAccountToken: { expirationSeconds: tokenSeconds, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      },
    },
  ];
  return {
    ...spec,
    containers: mounted(spec.containers),
    ...(spec.initContainers === undefined ? {} : { initContainers: mounted(spec.initContainers) }),
    volumes: [...listOr(spec.volumes), { name, projected: { defaultMode: readable, sources } }],
  };
}

/** Gives a new pod its ServiceAccount with its token, its priority and default tolerations. */
export function admitPod({ api, resource, namespace = '' }: Call, pod: ApiObject): ApiObject {
  const spec = objectOr(pod.spec);
  const account =
    isText(spec.serviceAccountName) && spec.serviceAccountName !== '' ? spec.serviceAccountName : 'default';
  const found = api.store.get('serviceaccounts', namespace, account);
  if (found === undefined) {
    const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
    throw forbidden(resource, pod.metadata.name, why);
  }
  const given = listOr(spec.tolerations);
  const missing = evictions.filter(({ key }) => !given.some((toleration) => at(toleration, 'key') === key));
  return {
    ...pod,
    spec: {
      ...withToken(found, spec),
      serviceAccountName: account,
      serviceAccount: account,
      priority: spec.priority ?? 0,
      preemptionPolicy: spec.preemptionPolicy ?? 'PreemptLowerPriority',
      tolerations: [...given, ...missing],
    },
  };
}
