/** How an attempt failed. */
export type Attempt =
  | { readonly kind: 'unreached'; readonly lasting: boolean }
  | { readonly kind: 'lost' }
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | undefined };

export interface RetryQuestion {
  readonly attempt: Attempt;
  /** Repeats so far. */
  readonly repeats: number;
  /** Milliseconds since the first attempt. */
  readonly elapsed: number;
  readonly read: boolean;
  readonly idempotent: boolean;
}

/** Whether the server may have carried out what failed so. */
export const mayBeDone = (attempt: Attempt | undefined): boolean =>
  attempt?.kind === 'lost' || (attempt?.kind === 'answered' && attempt.status >= 500);

const maxRepeats = 3;
const longestPause = 30_000;
/** Nobody waits longer than 5 s to hear that a cluster cannot be reached; a new connection has 4 s of it. */
const unreachedFor = 2_000;

/**
 * Milliseconds to wait before the same request is sent again, or undefined when it must not or need not be.
 * What never reached the server, or was turned away with 429, may always be repeated; what the server may have carried
 * out only where twice is as good as once.
 */
export function pauseBeforeRepeat(question: RetryQuestion, random: () => number = Math.random): number | undefined {
  const { attempt, repeats, elapsed, read, idempotent } = question;
  if (repeats >= maxRepeats) return undefined;
  const backoff = 200 * 2 ** repeats * (0.5 + random());
  if (attempt.kind === 'unreached') return attempt.lasting || elapsed > unreachedFor ? undefined : backoff;
  if (attempt.kind === 'lost') return idempotent ? backoff : undefined;
  const { status } = attempt;
  const told = secondsOf(attempt.retryAfter);
  const mayRepeat = status === 429 || (idempotent && [502, 503, 504].includes(status)) || (read && status === 500);
  if (!mayRepeat) return undefined;
  return told === undefined ? backoff : Math.min(told * 1000, longestPause) + backoff;
}

/** Kubernetes only sends seconds, never a date. */
function secondsOf(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
}
