import { FieldSet } from '../apply/field-set.ts';
import { trackKubectlApply } from '../apply/last-applied.ts';
import type { Manager } from '../apply/managers.ts';
import { type Applied, type Tracking, trackUpdate } from '../apply/track.ts';
import { undescribed } from '../apply/typed.ts';
import type { Call } from '../call.ts';
import type { JsonObject } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { apiVersionOf } from '../objects/resource.ts';
import { hasStatus } from './strategy.ts';

const maximumName = 128;

/** Who a write is by: as it says, or the program that its client names. */
function managerOf({ query, userAgent, resource, subresource }: Call, operation: Manager['operation']): Manager {
  const named = query.get('fieldManager') ?? '';
  const manager = named === '' ? (userAgent.split('/')[0] ?? '').slice(0, maximumName) : named;
  return {
    manager: manager === '' ? 'unknown' : manager,
    operation,
    apiVersion: apiVersionOf(resource),
    ...(subresource === 'status' || subresource === 'scale' ? { subresource } : {}),
  };
}

function trackingOf(call: Call, operation: Manager['operation']): Tracking {
  const { resource, subresource } = call;
  const ignored = new FieldSet();
  if (subresource === 'status') {
    ignored.insert(['f:spec']);
    if (resource.custom) ignored.insert(['f:metadata']);
  } else if (hasStatus(resource)) {
    ignored.insert(['f:status']);
  }
  // A namespace's finalizer comes from the server.
  if (resource.table === 'namespaces') ignored.insert(['f:spec']);
  return { schema: resource.schema ?? undescribed, by: managerOf(call, operation), ignored };
}

/** The object with its `managedFields` brought up to date by a write other than apply. */
export const tracked = (call: Call, object: ApiObject, previous: ApiObject | undefined): ApiObject =>
  trackUpdate(trackingOf(call, 'Update'), object, previous);

/** The live object after server-side apply of a configuration. */
export const applied = (call: Call, configuration: JsonObject, live: ApiObject | undefined): Applied =>
  trackKubectlApply(trackingOf(call, 'Apply'), configuration, live, call.query.get('force') === 'true');
