import type { Call } from '../call.ts';
import { isObject, type Json, sorted } from '../objects/json.ts';
import { jsonPath } from '../objects/json-path.ts';
import { finalizerFaults, metadataFaults } from '../objects/names.ts';
import type { ApiObject } from '../objects/object.ts';
import type { ServedResource } from '../objects/resource.ts';
import { badRequest, type FieldFault, invalid } from '../objects/status.ts';
import { withDefaults } from '../schema/default.ts';
import { prune } from '../schema/prune.ts';
import { faultsOf } from '../schema/validate.ts';
import { builtinFaults, changeFaults } from './builtin-validation.ts';

/** The object without what its schema does not know, which is said or refused as the request asks. */
export function pruned(call: Call, object: ApiObject): ApiObject {
  const { resource, query, warnings, verb } = call;
  if (resource.schema === undefined) return object;
  const unknown: string[] = [];
  const rest = prune(resource.schema, object, unknown);
  if (unknown.length > 0) {
    const level = query.get('fieldValidation') ?? 'Warn';
    const words = unknown.map((path) => `unknown field "${path}"`);
    if (level === 'Strict') {
      const { kind, version } = resource;
      const strict = `strict decoding error: ${words.join(', ')}`;
      if (verb === 'patch') {
        const shown = JSON.stringify(JSON.stringify(sorted(object)));
        const fault = {
          field: 'patch',
          reason: 'FieldValueInvalid',
          words: `Invalid value: ${shown}: ${strict}`,
        } as const;
        throw invalid(nothing, '', [fault]);
      }
      throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${strict}`);
    }
    if (level === 'Warn') warnings.push(...words);
  }
  return withEnvelope(object, rest);
}

/** The object as its schema allows it: with defaults, and refused where it is not valid. */
export function checked(call: Call, object: ApiObject, previous?: ApiObject): ApiObject {
  const { resource, warnings, subresource } = call;
  const { schema } = resource;
  for (const finalizer of object.metadata.finalizers ?? []) {
    if (!finalizer.includes('/') && !known.has(finalizer)) {
      warnings.push(
        `metadata.finalizers: "${finalizer}": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`,
      );
    }
  }
  const filled = schema === undefined ? object : withEnvelope(object, withDefaults(schema, object));
  const faults = [
    ...metadataFaults(resource, filled),
    ...(schema !== undefined && resource.custom ? faultsOf(schema, filled) : builtinFaults(resource, filled)),
    ...scaleFaults(resource, filled),
  ];
  if (previous !== undefined) faults.push(...finalizerFaults(filled, previous));
  if (previous !== undefined && subresource === undefined) faults.push(...changeFaults(resource, filled, previous));
  if (faults.length > 0) throw invalid(resource, object.metadata.name, faults);
  return filled;
}

/** A resource that the server cannot name at this point. */
const nothing = { group: '', plural: '', kind: '' };

/** Replicas of a custom resource with `scale` are no less than none. */
function scaleFaults({ scale }: ServedResource, object: ApiObject): readonly FieldFault[] {
  const paths = scale === undefined ? [] : [scale.specReplicasPath, scale.statusReplicasPath];
  return paths.flatMap((field): readonly FieldFault[] => {
    const [value] = jsonPath(field, object);
    if (typeof value !== 'number' || value >= 0) return [];
    return [{ field, reason: 'FieldValueInvalid', words: `Invalid value: ${value}: should be a non-negative integer` }];
  });
}

const known = new Set(['foregroundDeletion', 'orphan', 'kubernetes']);

const withEnvelope = ({ apiVersion, kind, metadata }: ApiObject, value: Json): ApiObject => ({
  ...(isObject(value) ? value : {}),
  apiVersion,
  kind,
  metadata,
});
