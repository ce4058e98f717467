/** Every error code a caller can see, with the HTTP status that REST answers with. */
export const errorStatus = {
  INPUT_INVALID: 400,
  RUNTIME_REQUIRED: 400,
  RUNTIME_UNKNOWN: 400,
  INVALID_FOR_RUNTIME: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  QUOTA: 403,
  READ_ONLY: 403,
  DECLINED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  AMBIGUOUS: 409,
  CONFLICT: 409,
  NOT_MANAGED: 409,
  NO_CAPACITY: 409,
  RUNTIME_NOT_INSTALLED: 409,
  RUNTIME_UNHEALTHY: 409,
  REJECTED: 422,
  NOT_SUPPORTED: 422,
  CONFIRMATION_REQUIRED: 428,
  INTERNAL: 500,
  CLUSTER_UNREACHABLE: 502,
  HELM_FAILED: 502,
  HELM_MISSING: 503,
  TIMEOUT: 504,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/**
 * The one error that crosses module borders.
 * `message` says what failed and on what; `hint` is the next call or command; `details` is data for programs.
 */
export class FoundryError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    hint: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'FoundryError';
    this.code = code;
    this.hint = hint;
    this.details = details;
  }
}
