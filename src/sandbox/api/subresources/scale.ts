import type { Call } from '../call.ts';
import { decodeMetadata } from '../objects/decode.ts';
import { at, type Json, type JsonObject, objectOr, textOr } from '../objects/json.ts';
import { jsonPath } from '../objects/json-path.ts';
import { selectorText } from '../objects/label-selector.ts';
import type { ApiObject } from '../objects/object.ts';
import type { ScalePaths, ServedResource } from '../objects/resource.ts';
import { badRequest, invalid } from '../objects/status.ts';
import { update } from '../writes/write.ts';

const builtin: ScalePaths = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };

/** The `scale` of an object. */
export function scaleOf(resource: ServedResource, object: ApiObject): JsonObject {
  const paths = resource.scale ?? builtin;
  const number = (path: string): number => {
    const [value] = jsonPath(path, object);
    return typeof value === 'number' ? value : 0;
  };
  const selector =
    resource.scale === undefined
      ? selectorText(at(object, 'spec', 'selector'))
      : textOr(jsonPath(paths.labelSelectorPath ?? '', object)[0]);
  const replicas = number(paths.specReplicasPath);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: number(paths.statusReplicasPath), ...(selector === '' ? {} : { selector }) },
  };
}

const setAt = (object: JsonObject, [step, ...rest]: readonly string[], value: Json): JsonObject => {
  if (step === undefined) return object;
  return { ...object, [step]: rest.length === 0 ? value : setAt(objectOr(object[step]), rest, value) };
};

/** The object with the replicas that a changed scale asks for. */
export function rescale(call: Call, scale: Json, previous: ApiObject): ApiObject {
  const { resource } = call;
  const replicas = at(scale, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) {
    throw badRequest(`Scale in version "v1" cannot be handled as a Scale: spec.replicas is no integer`);
  }
  if (replicas < 0 && !resource.custom) {
    throw invalid({ group: 'autoscaling', plural: 'scales', kind: 'Scale' }, previous.metadata.name, [
      {
        field: 'spec.replicas',
        reason: 'FieldValueInvalid',
        words: `Invalid value: ${replicas}: must be greater than or equal to 0`,
      },
    ]);
  }
  const metadata = decodeMetadata(resource, objectOr(at(scale, 'metadata')));
  const path = (resource.scale ?? builtin).specReplicasPath.split('.').slice(1);
  const changed: ApiObject = {
    ...previous,
    ...setAt(previous, path, replicas),
    apiVersion: previous.apiVersion,
    kind: previous.kind,
    metadata: {
      ...previous.metadata,
      resourceVersion: metadata.resourceVersion || previous.metadata.resourceVersion,
      uid: metadata.uid ?? previous.metadata.uid,
    },
  };
  return update(call, changed, previous);
}
