import type { Api, Call } from '../call.ts';
import { at, equal, type JsonObject, listOr, objectOr } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { podAmount } from '../objects/pod-resources.ts';
import { formatQuantity, parseQuantity } from '../objects/quantity.ts';
import { forbidden } from '../objects/status.ts';

const isOver = (pod: ApiObject): boolean => ['Succeeded', 'Failed'].includes(String(at(pod, 'status', 'phase')));

/** What one object of a table uses of a quota's resource. */
function usage(table: string, object: ApiObject, resource: string): number {
  if (resource === table || resource === `count/${table}`) return table === 'pods' && isOver(object) ? 0 : 1;
  if (table === 'persistentvolumeclaims' && resource === 'requests.storage') {
    return parseQuantity(at(object, 'spec', 'resources', 'requests', 'storage')) ?? 0;
  }
  if (table !== 'pods' || isOver(object)) return 0;
  if (resource.startsWith('limits.')) return podAmount(object, 'limits', resource.slice('limits.'.length));
  if (resource.startsWith('requests.')) return podAmount(object, 'requests', resource.slice('requests.'.length));
  return resource === 'cpu' || resource === 'memory' ? podAmount(object, 'requests', resource) : 0;
}

/** The table whose objects use a quota's resource. */
function tableOf(resource: string): string {
  if (resource.startsWith('count/')) return resource.slice('count/'.length);
  if (resource === 'requests.storage') return 'persistentvolumeclaims';
  return /^(requests|limits)\.|^(cpu|memory)$/.test(resource) ? 'pods' : resource;
}

const used = ({ store }: Api, namespace: string, resource: string): number => {
  const table = tableOf(resource);
  return store.list(table, namespace).reduce((total, object) => total + usage(table, object, resource), 0);
};

const shown = (resource: string, value: number): string => formatQuantity(value, /memory|storage/.test(resource));

const compute = /^(?:(requests|limits)\.)?(cpu|memory)$/;

/** `cpu for: a,b`: which containers of a pod do not say what a quota counts. */
function unsaid(pod: ApiObject, resource: string): readonly string[] {
  const [, kind = 'requests', name = ''] = compute.exec(resource) ?? [];
  if (name === '') return [];
  const containers = [...listOr(at(pod, 'spec', 'containers')), ...listOr(at(pod, 'spec', 'initContainers'))]
    .filter((container) => at(container, 'resources', kind, name) === undefined)
    .map((container) => String(at(container, 'name')));
  return containers.length === 0 ? [] : [`${resource} for: ${containers.sort().join(',')}`];
}

/** Refuses a new object that a ResourceQuota of its namespace has no room for. */
export function checkQuotas({ api, resource, namespace }: Call, object: ApiObject): void {
  if (namespace === undefined) return;
  for (const quota of api.store.list('resourcequotas', namespace)) {
    const hard = objectOr(at(quota, 'spec', 'hard'));
    const missing =
      resource.table === 'pods'
        ? Object.keys(hard)
            .sort()
            .flatMap((name) => unsaid(object, name))
        : [];
    if (missing.length > 0) {
      const words = `failed quota: ${quota.metadata.name}: must specify ${missing.join('; ')}`;
      throw forbidden(resource, object.metadata.name, words);
    }
    const exceeded = Object.keys(hard)
      .sort()
      .filter((name) => {
        const asked = usage(resource.table, object, name);
        return asked > 0 && used(api, namespace, name) + asked > (parseQuantity(hard[name]) ?? 0);
      });
    if (exceeded.length === 0) continue;
    const words = (value: (name: string) => string) => exceeded.map((name) => `${name}=${value(name)}`).join(',');
    throw forbidden(
      resource,
      object.metadata.name,
      [
        `exceeded quota: ${quota.metadata.name}`,
        `requested: ${words((name) => shown(name, usage(resource.table, object, name)))}`,
        `used: ${words((name) => shown(name, used(api, namespace, name)))}`,
        `limited: ${words((name) => String(hard[name]))}`,
      ].join(', '),
    );
  }
}

/** Keeps the status of quotas: what is granted and what is used. */
export function keepQuotas(api: Api): void {
  const { store } = api;
  const refresh = (namespace: string): void => {
    for (const quota of store.list('resourcequotas', namespace)) {
      const hard = objectOr(at(quota, 'spec', 'hard'));
      const names = Object.keys(hard);
      const status: JsonObject = {
        hard,
        used: Object.fromEntries(names.map((name) => [name, shown(name, used(api, namespace, name))])),
      };
      if (!equal(status, quota.status)) store.put('resourcequotas', { ...quota, status });
    }
  };
  store.subscribe('*', ({ object }) => {
    const { namespace } = object.metadata;
    if (namespace !== undefined && store.list('resourcequotas', namespace).length > 0) setImmediate(refresh, namespace);
  });
}
