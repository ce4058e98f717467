import type { Call } from '../call.ts';
import { at, type Json, listOr, textOr, textsOf } from '../objects/json.ts';
import { selectorChooses } from '../objects/label-selector.ts';
import type { ApiObject } from '../objects/object.ts';
import { ApiError } from '../objects/status.ts';

const table = 'validatingwebhookconfigurations.admissionregistration.k8s.io';

const holds = (list: Json | undefined, value: string): boolean =>
  listOr(list).some((item) => item === '*' || item === value);

/** Whether the webhook wants to be asked about this object. */
function concerns({ api, resource, namespace }: Call, webhook: Json, object: ApiObject, operation: string): boolean {
  const asked = listOr(at(webhook, 'rules')).some(
    (rule) =>
      holds(at(rule, 'operations'), operation) &&
      holds(at(rule, 'apiGroups'), resource.group) &&
      holds(at(rule, 'apiVersions'), resource.version) &&
      holds(at(rule, 'resources'), resource.plural),
  );
  if (!asked) return false;
  const home = namespace === undefined ? undefined : api.store.get('namespaces', undefined, namespace);
  return (
    selectorChooses(at(webhook, 'namespaceSelector'), textsOf(home?.metadata.labels)) &&
    selectorChooses(at(webhook, 'objectSelector'), textsOf(object.metadata.labels))
  );
}

/**
 * Validating webhooks have nobody behind them here: one that must be asked (`failurePolicy: Fail`, the default) refuses,
 * as it does on a cluster whose operator is down.
 */
export function askWebhooks(call: Call, object: ApiObject, previous: ApiObject | undefined): void {
  if (call.subresource !== undefined) return;
  const operation = previous === undefined ? 'CREATE' : 'UPDATE';
  const webhooks = call.api.store.list(table).flatMap((configuration) => listOr(configuration.webhooks));
  for (const webhook of webhooks) {
    if (at(webhook, 'failurePolicy') === 'Ignore' || !concerns(call, webhook, object, operation)) continue;
    const service = at(webhook, 'clientConfig', 'service');
    const [name, namespace, path] = ['name', 'namespace', 'path'].map((field) => textOr(at(service, field)));
    const url = `https://${name}.${namespace}.svc:443${path || '/'}?timeout=10s`;
    const why = `failed calling webhook "${textOr(at(webhook, 'name'))}": failed to call webhook: Post "${url}": service "${name}" not found`;
    const message = `Internal error occurred: ${why}`;
    throw new ApiError(500, 'InternalError', message, { causes: [{ reason: '', message: why }] });
  }
}
