import type { FoundryError } from '../../errors.ts';
import { harmless } from '../../foundry/harmless.ts';
import { followLogs, type LogNews } from '../../foundry/log-following.ts';
import type { FollowedLine } from '../../foundry/log-reading.ts';
import type { Site } from '../../foundry/site.ts';
import type { DeploymentKey } from '../state/navigation.ts';
import type { Source } from '../state/source.ts';
import { asFoundryError } from './polled.ts';

/** A line of a pod, or what happened to the following of it. */
export type LogEntry = Pick<FollowedLine, 'pod' | 'role' | 'text'> | { readonly note: string; readonly news: LogNews };

/** What the pods of a deployment wrote lately, the oldest first. An entry stays the same object. */
export interface FollowedLog {
  readonly state: 'opening' | 'following' | 'broken' | 'ended';
  readonly entries: readonly LogEntry[];
  /** How many stood before these and are not kept. */
  readonly dropped: number;
  /** Why it ended, where the deployment is not just gone. */
  readonly error?: FoundryError;
}

/** Lines of each container to begin with, and entries that are kept: as many as k9s shows and keeps. */
export const logBounds = { tail: 100, kept: 5_000 } as const;

const nothing: FollowedLog = { state: 'opening', entries: [], dropped: 0 };

/** Logs as they are written, from the first subscriber to the last. What comes together is told at once. */
export function createFollowedLog(site: Site, deployment: DeploymentKey): Source<FollowedLog> {
  const listeners = new Set<() => void>();
  let latest = nothing;
  let run: AbortController | undefined;

  function start(): AbortController {
    const abort = new AbortController();
    latest = nothing;
    const become = (next: Partial<FollowedLog>) => {
      if (abort.signal.aborted) return;
      latest = { ...latest, ...next };
      for (const listener of [...listeners]) listener();
    };
    const add = (added: readonly LogEntry[], state = latest.state) => {
      const entries = [...latest.entries, ...added];
      const surplus = Math.max(0, entries.length - logBounds.kept);
      become({ state, entries: entries.slice(surplus), dropped: latest.dropped + surplus });
    };
    const listener = {
      lines: (lines: readonly FollowedLine[]) => add(lines.map(({ pod, role, text }) => ({ pod, role, text }))),
      note: (note: string, news: LogNews) => add([{ note, news }], stateAfter(news, latest.state)),
    };
    followLogs(site, deployment, { tail: logBounds.tail }, listener, abort.signal).then(
      () => become({ state: 'ended' }),
      (cause: unknown) => {
        const error = asFoundryError(cause);
        become({ state: 'ended', error: harmless(error, { context: site.cluster.namedContext }) });
      },
    );
    return abort;
  }

  return {
    snapshot: () => latest,
    subscribe(listener) {
      listeners.add(listener);
      run ??= start();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        run?.abort();
        run = undefined;
      };
    },
  };
}

/** What broke off stays so until reading goes on, whatever else is told meanwhile. */
function stateAfter(news: LogNews, state: FollowedLog['state']): FollowedLog['state'] {
  if (news === 'broken') return 'broken';
  return state === 'broken' && news !== 'again' ? 'broken' : 'following';
}
