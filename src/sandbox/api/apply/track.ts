import { type JsonObject, objectOr, without } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { withMetadata } from '../objects/object.ts';
import { ApiError } from '../objects/status.ts';
import type { Schema } from '../schema/schema.ts';
import { type Comparison, compare } from './compare.ts';
import { FieldSet, pathWords } from './field-set.ts';
import { isSame, type Managed, type Manager, readManagers, serverFields, writeManagers } from './managers.ts';
import { merge, remove } from './merge.ts';
import { fieldsIn, withNamedFields } from './owned.ts';

export interface Tracking {
  readonly schema: Schema;
  readonly by: Manager;
  /** Fields that this way of writing does not set, such as the status on the object itself. */
  readonly ignored: FieldSet;
}

const owned = (set: FieldSet, ignored: FieldSet): FieldSet =>
  set
    .recursiveDifference(serverFields)
    .difference(FieldSet.of(['f:metadata']))
    .recursiveDifference(ignored);

const bare = (object: ApiObject): JsonObject => ({
  ...object,
  metadata: without(object.metadata, 'managedFields'),
});

const empty = { metadata: {} };

function changesOf({ schema, ignored }: Tracking, before: ApiObject | undefined, after: JsonObject): Comparison {
  const { added, modified, removed } = compare(schema, before === undefined ? empty : bare(before), after);
  return { added: owned(added, ignored), modified: owned(modified, ignored), removed: owned(removed, ignored) };
}

/** Takes changed fields from every other manager. */
const taken = (
  managers: readonly Managed[],
  by: Manager,
  { added, modified, removed }: Comparison,
): readonly Managed[] =>
  managers.map((managed) =>
    isSame(managed, by)
      ? managed
      : { ...managed, fields: managed.fields.difference(modified.union(added)).difference(removed) },
  );

/** The object after a create, update or patch: whoever wrote it owns what changed. */
export function trackUpdate(tracking: Tracking, after: ApiObject, before: ApiObject | undefined): ApiObject {
  const { by } = tracking;
  const known = readManagers(before?.metadata.managedFields);
  if (before !== undefined && known.length === 0) return after;
  const given = readManagers(after.metadata.managedFields);
  const base = given.length > 0 && before !== undefined ? given : known;
  const changes = changesOf(tracking, before, bare(after));
  const mine = base.find((managed) => isSame(managed, by))?.fields ?? new FieldSet();
  const fields = mine.difference(changes.removed).union(changes.modified).union(changes.added);
  const others = taken(base, by, changes).filter((managed) => !isSame(managed, by));
  return withMetadata(after, { managedFields: writeManagers([...others, { ...by, fields, time: '' }], known) });
}

export interface Applied {
  /** The live object, with what the configuration says and without what it no longer says. */
  readonly object: JsonObject;
  readonly managedFields: ApiObject['metadata']['managedFields'];
}

/**
 * Server-side apply.
 *
 * @throws ApiError 409 naming the managers that own what the configuration would change, unless forced
 */
export function trackApply(
  tracking: Tracking,
  configuration: JsonObject,
  live: ApiObject | undefined,
  force: boolean,
): Applied {
  const { schema, by, ignored } = tracking;
  const known = readManagers(live?.metadata.managedFields);
  const base = live !== undefined && known.length === 0 ? [firstOwner(tracking, live)] : known;
  const fields = owned(fieldsIn(schema, configuration), ignored);
  const last = base.find((managed) => isSame(managed, by))?.fields ?? new FieldSet();
  const others = base.filter((managed) => !isSame(managed, by));
  const merged = merge(schema, live === undefined ? undefined : bare(live), configuration);
  const everyone = others.reduce((all, managed) => all.union(managed.fields), fields);
  const dropped = withNamedFields(schema, last).difference(withNamedFields(schema, everyone));
  const object = remove(schema, objectOr(merged), dropped);
  const changes = changesOf(tracking, live, object);
  if (!force) refuseConflicts(others, changes);
  const managers = [...taken(others, by, changes), { ...by, fields, time: '' }];
  return { object, managedFields: writeManagers(managers, known) };
}

/** Who owned the fields of an object that nobody tracked before it was first applied. */
function firstOwner({ schema, by, ignored }: Tracking, live: ApiObject): Managed {
  return {
    manager: 'before-first-apply',
    operation: 'Update',
    apiVersion: by.apiVersion,
    time: live.metadata.creationTimestamp ?? '',
    fields: owned(compare(schema, empty, bare(live)).added, ignored),
  };
}

const managerWords = ({ manager, operation, apiVersion, subresource }: Manager): string => {
  const named = subresource === undefined ? `"${manager}"` : `"${manager}" with subresource "${subresource}"`;
  return operation === 'Update' ? `${named} using ${apiVersion}` : named;
};

function refuseConflicts(others: readonly Managed[], { added, modified }: Comparison): void {
  const touched = modified.union(added);
  const conflicts = others
    .map((managed) => ({
      words: managerWords(managed),
      paths: [...managed.fields.intersection(touched).paths()].map(pathWords),
    }))
    .filter(({ paths }) => paths.length > 0)
    .sort((left, right) => left.words.localeCompare(right.words));
  const all = conflicts.flatMap(({ words, paths }) => paths.map((path) => ({ words, path })));
  const [first] = all;
  if (first === undefined) return;
  const message =
    all.length === 1
      ? `Apply failed with 1 conflict: conflict with ${first.words}: ${first.path}`
      : `Apply failed with ${all.length} conflicts: ${conflicts
          .map(({ words, paths }) => [`conflicts with ${words}:`, ...paths.map((path) => `- ${path}`)].join('\n'))
          .join('\n')}`;
  throw new ApiError(409, 'Conflict', message, {
    causes: all.map(({ words, path }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${words}`,
      field: path,
    })),
  });
}
