import type { Call } from '../call.ts';
import { checkQuotas } from '../lifecycle/quotas.ts';
import { at } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { forbidden, notFound } from '../objects/status.ts';
import { admitPod } from './pods.ts';
import { admitService } from './services.ts';
import { askWebhooks } from './webhooks.ts';

const namespaces = { group: '', plural: 'namespaces', kind: 'Namespace' } as const;

/** What stands between a valid object and its storage; refuses, or completes what only the server can know. */
export function admitted(call: Call, object: ApiObject, previous: ApiObject | undefined): ApiObject {
  askWebhooks(call, object, previous);
  if (previous !== undefined) return call.resource.table === 'services' ? admitService(call, object, previous) : object;
  requireDefinition(call, object);
  requireNamespace(call, object);
  const completed = complete(call, object);
  checkQuotas(call, completed);
  return completed;
}

function complete(call: Call, object: ApiObject): ApiObject {
  switch (call.resource.table) {
    case 'pods':
      return admitPod(call, object);
    case 'services':
      return admitService(call, object, undefined);
    default:
      return object;
  }
}

/** New objects need a definition that is not being deleted. */
function requireDefinition({ api, resource }: Call, object: ApiObject): void {
  if (!resource.custom) return;
  const definition = api.store.get('customresourcedefinitions.apiextensions.k8s.io', undefined, resource.table);
  if (definition?.metadata.deletionTimestamp === undefined) return;
  const why = 'create not allowed while custom resource definition is terminating';
  throw forbidden(resource, object.metadata.name, why);
}

/** New objects need a namespace that is there and not being deleted. */
function requireNamespace({ api, resource, namespace }: Call, object: ApiObject): void {
  if (!resource.namespaced || namespace === undefined) return;
  const found = api.store.get('namespaces', undefined, namespace);
  if (found === undefined) throw notFound(namespaces, namespace);
  if (at(found, 'status', 'phase') !== 'Terminating' && found.metadata.deletionTimestamp === undefined) return;
  throw forbidden(
    resource,
    object.metadata.name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  );
}
