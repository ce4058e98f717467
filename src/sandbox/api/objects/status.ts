import type { JsonObject } from './json.ts';

export interface StatusCause extends JsonObject {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails extends JsonObject {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface Status extends JsonObject {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: JsonObject;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code?: number;
}

/** What names a resource in messages: `deployments.apps`, or `pods` in the core group. */
export interface ResourceNames {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** A refusal, in the words of the real API server. */
export class ApiError extends Error {
  readonly status: Status;
  readonly code: number;

  constructor(
    code: number,
    reason: string | undefined,
    message: string,
    details?: StatusDetails,
    metadata: JsonObject = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = { kind: 'Status', apiVersion: 'v1', metadata, status: 'Failure', message, reason, details, code };
  }
}

export const qualified = ({ group, plural }: { group: string; plural: string }): string =>
  group === '' ? plural : `${plural}.${group}`;

const namesOf = ({ group, plural }: ResourceNames, name: string): StatusDetails => ({
  name: name === '' ? undefined : name,
  group: group === '' ? undefined : group,
  kind: plural,
});

export const notFound = (resource: ResourceNames, name: string): ApiError =>
  new ApiError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, namesOf(resource, name));

export const noSuchResource = (): ApiError =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});

export function alreadyExists(resource: ResourceNames, name: string, isGoing: boolean): ApiError {
  const words = `${qualified(resource)} "${name}" already exists`;
  return new ApiError(
    409,
    'AlreadyExists',
    isGoing ? `object is being deleted: ${words}` : words,
    namesOf(resource, name),
  );
}

/** `kind` is what the message calls the thing: its plural, or in a few cases of the real server its kind. */
export const conflict = (resource: ResourceNames, name: string, why: string, plural = resource.plural): ApiError =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified({ group: resource.group, plural })} "${name}": ${why}`,
    namesOf({ ...resource, plural }, name),
  );

export const modified = (resource: ResourceNames, name: string): ApiError =>
  conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message);

export const forbidden = (
  resource: ResourceNames,
  name: string,
  why: string,
  causes?: readonly StatusCause[],
): ApiError =>
  new ApiError(
    403,
    'Forbidden',
    name === ''
      ? `${qualified(resource)} is forbidden: ${why}`
      : `${qualified(resource)} "${name}" is forbidden: ${why}`,
    { ...namesOf(resource, name), causes },
  );

export const unauthorized = (): ApiError => new ApiError(401, 'Unauthorized', 'Unauthorized');

export const methodNotAllowed = (): ApiError =>
  new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

export const unsupportedMediaType = (accepted: readonly string[]): ApiError =>
  new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );

/** A failure for which the real server gives no reason. */
export const internal = (message: string): ApiError => new ApiError(500, undefined, message);

export const expired = (message: string, metadata: JsonObject = {}): ApiError =>
  new ApiError(410, 'Expired', message, undefined, metadata);

export const gone = (requested: number, oldest: number): ApiError =>
  new ApiError(410, 'Expired', `too old resource version: ${requested} (${oldest})`);

/** One fault of a field, in the form `path: Problem: words`. */
export interface FieldFault {
  readonly field: string;
  readonly reason:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
    | 'FieldValueTypeInvalid'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany';
  /** What follows the field, such as `Required value`. */
  readonly words: string;
}

/** `kind` is what the message calls the thing: its kind, or in a few cases of the real server its plural. */
export function invalid(
  resource: ResourceNames,
  name: string,
  faults: readonly FieldFault[],
  kind = resource.kind,
): ApiError {
  const lines = faults.map(({ field, words }) => `${field}: ${words}`);
  const summary = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const shown = resource.group === '' ? kind : `${kind}.${resource.group}`;
  return new ApiError(422, 'Invalid', `${shown} "${name}" is invalid: ${summary}`, {
    name: name === '' ? undefined : name,
    group: resource.group === '' ? undefined : resource.group,
    kind,
    causes: faults.map(({ field, reason, words }) => ({ reason, message: words, field })),
  });
}
