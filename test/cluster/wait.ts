import { setTimeout as sleep } from 'node:timers/promises';

const pauseMilliseconds = 100;

/**
 * Resolves when `probe` says true. A probe that throws counts as false, and what it threw becomes the error's cause.
 *
 * @param what - completes the sentence "Waited n s for …"
 * @param problem - says why waiting is pointless, or undefined while it is not
 * @throws Error when `seconds` have passed or `problem` has found one
 */
export async function waitUntil(
  what: string,
  seconds: number,
  probe: () => Promise<boolean>,
  problem: () => string | undefined = () => undefined,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = problem();
    if (found) throw new Error(found);
    let cause: unknown;
    try {
      if (await probe()) return;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > end) throw new Error(`Waited ${seconds} s for ${what}.`, { cause });
    await sleep(pauseMilliseconds);
  }
}
