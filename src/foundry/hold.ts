import { setTimeout as sleep } from 'node:timers/promises';
import { FoundryError } from '../errors.ts';
import { type Claim, claimOn, trusted } from './lease.ts';
import { isTaken } from './lease-holder.ts';
import type { Site } from './site.ts';

/** Milliseconds between two signs of life, and after one that failed. */
const renewEvery = 3_000;
const retryEvery = 1_000;

/**
 * Does the work while this process alone may install or uninstall that runtime, in the whole cluster: it holds a Lease
 * and renews it. The signal given to the work aborts when the hold is lost, or cannot be proved in time.
 *
 * @throws FoundryError CONFLICT naming the holder that is alive; FORBIDDEN where Leases may not be written; why the Lease
 * could not be renewed
 */
export async function whileHolding<Result>(
  site: Site,
  claim: Claim,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const lease = claimOn(site, claim);
  await lease.take(signal);
  const lost = new AbortController();
  const ended = new AbortController();
  const renewing = (async () => {
    let pause = renewEvery;
    let failure: FoundryError | undefined;
    for (;;) {
      await sleep(Math.min(pause, Math.max(0, lease.left())), undefined, { signal: ended.signal });
      const left = Math.ceil(lease.left());
      if (left <= 0) throw unproved(claim, lease.title, failure);
      const late = AbortSignal.timeout(left);
      try {
        await lease.renew(AbortSignal.any([ended.signal, late]));
        pause = renewEvery;
      } catch (error) {
        if (isTaken(error) || !(error instanceof FoundryError || late.aborted)) throw error;
        // The server may be away for a moment; whoever takes over meanwhile is seen by the next attempt.
        if (error instanceof FoundryError) failure = error;
        pause = retryEvery;
      }
    }
  })().catch((error: unknown) => {
    if (!ended.signal.aborted) lost.abort(error);
  });
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    ended.abort();
    await renewing;
    await lease.release();
  }
}

/** Why the work is ended though nobody is known to have taken over. */
function unproved({ runtime }: Claim, lease: string, failure: FoundryError | undefined): FoundryError {
  const { code = 'TIMEOUT', message = 'The server did not answer in time.' } = failure ?? {};
  const { hint = 'See whether the cluster answers: `kubefoundry doctor`.' } = failure ?? {};
  return new FoundryError(
    code,
    `The Lease ${lease}, which keeps others from working on ${runtime}, could not be renewed for ${trusted / 1000} s: the work was stopped before somebody else takes it over. ${message}`,
    `${hint} Then call again: what is done already is not repeated, and get_runtimes_status shows what there is.`,
    { ...failure?.details, runtime },
    { cause: failure },
  );
}
