import { isObject, type Json, type JsonObject, objectOr, sorted, without } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import type { Schema } from '../schema/schema.ts';
import { misfit } from './check.ts';
import { compare } from './compare.ts';
import { FieldSet } from './field-set.ts';
import { fieldsIn } from './owned.ts';
import { type Applied, type Tracking, trackApply } from './track.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Server-side apply by kubectl, which may have applied the same object client-side before: what that configuration
 * said is kubectl's own already, and the annotation that holds it is kept true.
 */
export function trackKubectlApply(
  tracking: Tracking,
  configuration: JsonObject,
  live: ApiObject | undefined,
  force: boolean,
): Applied {
  const before = live?.metadata.annotations?.[annotation];
  if (tracking.by.manager !== 'kubectl' || before === undefined) {
    return trackApply(tracking, configuration, live, force);
  }
  const said = parsed(before);
  const free =
    said === undefined || misfit(tracking.schema, said) !== undefined
      ? new FieldSet()
      : still(tracking.schema, said, live);
  const { object, managedFields } = trackApply({ ...tracking, free }, configuration, live, force);
  const metadata = objectOr(object.metadata);
  const annotations = { ...objectOr(metadata.annotations), [annotation]: lastApplied(configuration) };
  return { object: { ...object, metadata: { ...metadata, annotations } }, managedFields };
}

/** What an earlier configuration said, as far as the object still says so. */
function still(schema: Schema, said: JsonObject, live: ApiObject | undefined): FieldSet {
  const { added, modified, removed } = compare(schema, said, live ?? {});
  return fieldsIn(schema, said).difference(added).difference(modified).difference(removed);
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const lastApplied = (configuration: JsonObject): string =>
  `${JSON.stringify(sorted({ ...configuration, metadata: without(objectOr(configuration.metadata), 'managedFields') }))}\n`;
