import type { ManagedFieldsEntry } from '../objects/object.ts';
import { FieldSet } from './field-set.ts';

/** One manager of an object: who, how, through which version and subresource. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
}

export interface Managed extends Manager {
  readonly fields: FieldSet;
  /** When the manager last changed what it owns; nobody knows where it only took over what was so already. */
  readonly time?: string;
}

/** Appliers are the same whatever version they apply through. */
export const isSame = (left: Manager, right: Manager): boolean =>
  left.manager === right.manager &&
  left.operation === right.operation &&
  (left.subresource ?? '') === (right.subresource ?? '') &&
  (left.operation === 'Apply' || left.apiVersion === right.apiVersion);

export const readManagers = (entries: readonly ManagedFieldsEntry[] = []): readonly Managed[] =>
  entries.map(({ manager, operation, apiVersion, subresource, fieldsV1, time }) => ({
    manager,
    operation,
    apiVersion,
    subresource,
    time,
    fields: FieldSet.fromFieldsV1(fieldsV1),
  }));

const order = (left: Managed, right: Managed): number =>
  left.operation.localeCompare(right.operation) ||
  (left.time ?? '').localeCompare(right.time ?? '') ||
  left.manager.localeCompare(right.manager) ||
  left.apiVersion.localeCompare(right.apiVersion) ||
  (left.subresource ?? '').localeCompare(right.subresource ?? '');

/** `managedFields` as the server keeps them. */
export function writeManagers(managers: readonly Managed[]): readonly ManagedFieldsEntry[] | undefined {
  const entries = managers
    .filter(({ fields }) => !fields.isEmpty)
    .sort(order)
    .map(
      ({ manager, operation, apiVersion, subresource, fields, time }): ManagedFieldsEntry => ({
        manager,
        operation,
        apiVersion,
        ...(time === undefined ? {} : { time }),
        fieldsType: 'FieldsV1',
        fieldsV1: fields.toFieldsV1(),
        ...(subresource === undefined ? {} : { subresource }),
      }),
    );
  return entries.length === 0 ? undefined : entries;
}

/** Fields that belong to the server: nobody owns them. */
export const serverFields = FieldSet.of(
  ['f:apiVersion'],
  ['f:kind'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'selfLink',
    'uid',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((field) => ['f:metadata', `f:${field}`]),
);
