import { setTimeout as sleep } from 'node:timers/promises';
import { FoundryError } from '../errors.ts';
import { judgePod } from '../providers/pods.ts';
import type { Site } from './site.ts';
import { plainLine } from './untrusted-text.ts';

const lookEvery = 2_000;
const lookDeadline = 5_000;
const shown = 3;

/** What the pods of a namespace that are not ready wait for, in a sentence; empty where all are ready or nothing is known. */
export async function podWords(site: Site, namespace: string, signal: AbortSignal): Promise<string> {
  try {
    const pods = { group: '', kind: 'Pod' };
    const found = await site.cluster.list(pods, { namespace, signal, deadline: lookDeadline });
    const waiting = found.map(judgePod).filter(({ gone, ready }) => !gone && !ready);
    const words = waiting
      .slice(0, shown)
      .map(({ name, waiting: cause }) => `${name}: ${cause?.reason} (${cause?.message})`);
    return plainLine(words.join('; '), 500);
  } catch (error) {
    if (error instanceof FoundryError) return '';
    throw error;
  }
}

/** Tells what the pods wait for while something is at work that says nothing itself; its failure ends with their words. */
export async function tellingPods<Result>(
  site: Site,
  namespace: string,
  { say, signal }: { readonly say: (message: string) => void; readonly signal: AbortSignal },
  work: () => Promise<Result>,
): Promise<Result> {
  const ended = new AbortController();
  const looking = AbortSignal.any([signal, ended.signal]);
  let last = '';
  const telling = (async () => {
    for (;;) {
      await sleep(lookEvery, undefined, { signal: looking });
      const words = await podWords(site, namespace, looking);
      if (words !== '' && words !== last) say(words);
      last = words;
    }
  })().catch(() => {});
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FoundryError) || last === '') throw error;
    const { code, message, hint, details } = error;
    throw new FoundryError(code, `${message} Pods in ${namespace}: ${last}.`, hint, details, { cause: error });
  } finally {
    ended.abort();
    await telling;
  }
}
