import { type JsonObject, objectOr, without } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { timestamp, withMetadata } from '../objects/object.ts';
import { ApiError } from '../objects/status.ts';
import type { Schema } from '../schema/schema.ts';
import { type Comparison, compare } from './compare.ts';
import { FieldSet, pathWords } from './field-set.ts';
import { isSame, type Managed, type Manager, readManagers, serverFields, writeManagers } from './managers.ts';
import { merge, remove } from './merge.ts';
import { fieldsIn, withNamedFields } from './owned.ts';
import { zeroOf } from './zero.ts';

export interface Tracking {
  readonly schema: Schema;
  readonly by: Manager;
  /** Fields that this way of writing does not set, such as the status on the object itself. */
  readonly ignored: FieldSet;
  /** Fields that apply may take from others unforced. */
  readonly free?: FieldSet;
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

function changesOf({ schema, ignored }: Tracking, before: ApiObject | undefined, after: JsonObject): Comparison {
  const { added, modified, removed } = compare(schema, before === undefined ? zeroOf(after) : bare(before), after);
  return { added: owned(added, ignored), modified: owned(modified, ignored), removed: owned(removed, ignored) };
}

const isEmpty = ({ added, modified, removed }: Comparison): boolean =>
  added.isEmpty && modified.isEmpty && removed.isEmpty;

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
  const mine = base.find((managed) => isSame(managed, by));
  const had = mine?.fields ?? new FieldSet();
  const fields = had.difference(changes.removed).union(changes.modified).union(changes.added);
  const time = mine?.fields.equals(fields) ? mine.time : timestamp();
  const others = taken(base, by, changes).filter((managed) => !isSame(managed, by));
  return withMetadata(after, { managedFields: writeManagers([...others, { ...by, fields, time }]) });
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
  const { schema, by, ignored, free = new FieldSet() } = tracking;
  const known = readManagers(live?.metadata.managedFields);
  const base = live !== undefined && known.length === 0 ? [firstOwner(tracking, live)] : known;
  const fields = owned(fieldsIn(schema, configuration), ignored);
  const mine = base.find((managed) => isSame(managed, by));
  const last = mine?.fields ?? new FieldSet();
  const others = base.filter((managed) => !isSame(managed, by));
  const merged = merge(schema, live === undefined ? undefined : bare(live), configuration);
  // What has no labels and annotations left keeps its metadata.
  const kept = fields.union(FieldSet.of(['f:metadata']));
  const everyone = others.reduce((all, managed) => all.union(managed.fields), kept);
  const dropped = withNamedFields(schema, last).difference(withNamedFields(schema, everyone));
  const object = remove(schema, objectOr(merged), dropped);
  const changes = changesOf(tracking, live, object);
  if (!force) refuseConflicts(others, changes.modified.union(changes.added).difference(free));
  const time = isEmpty(changes) ? mine?.time : timestamp();
  return { object, managedFields: writeManagers([...taken(others, by, changes), { ...by, fields, time }]) };
}

/** Who owned the fields of an object that nobody tracked before it was first applied. */
function firstOwner({ schema, by, ignored }: Tracking, live: ApiObject): Managed {
  return {
    manager: 'before-first-apply',
    operation: 'Update',
    apiVersion: by.apiVersion,
    time: live.metadata.creationTimestamp ?? '',
    fields: owned(compare(schema, zeroOf(live), bare(live)).added, ignored),
  };
}

const managerWords = ({ manager, operation, apiVersion, subresource }: Manager): string => {
  const named = subresource === undefined ? `"${manager}"` : `"${manager}" with subresource "${subresource}"`;
  return operation === 'Update' ? `${named} using ${apiVersion}` : named;
};

function refuseConflicts(others: readonly Managed[], touched: FieldSet): void {
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
