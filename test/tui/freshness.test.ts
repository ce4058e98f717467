import { expect, test } from 'vitest';
import { FoundryError } from '../../src/errors.ts';
import { freshness } from '../../src/tui/frame/freshness.ts';

const at = (seconds: number) => new Date(2026, 0, 1, 12, 3, seconds);
const live = { runtime: 'dynamo', state: 'live', since: at(0), unread: [] } as const;
const stale = { runtime: 'kuberay', state: 'stale', since: at(0), unread: [] } as const;
const error = new FoundryError('CLUSTER_UNREACHABLE', 'Cannot reach it.', 'Check it.');
const failed = { runtime: 'dynamo', state: 'failed', since: at(0), unread: [], error } as const;

const wordsOf = (...runtimes: Parameters<typeof freshness>[0]['runtimes']) =>
  freshness({ deployments: [], runtimes }, at(10)).map(({ text }) => text);

test.each([
  ['every watch is live', [live], ['live']],
  [
    'one is tried again in a while',
    [live, { ...stale, retry: at(14) }],
    ['kuberay stale since 12:03:00, reconnecting in 4 s'],
  ],
  ['it is being tried', [{ ...stale, retry: at(9) }], ['stale since 12:03:00, reconnecting']],
  [
    'all for one reason',
    [failed, { ...failed, runtime: 'kuberay' as const, since: at(1) }],
    ['CLUSTER_UNREACHABLE since 12:03:00'],
  ],
  [
    'each for its own',
    [failed, { ...stale, retry: at(9) }],
    ['dynamo CLUSTER_UNREACHABLE since 12:03:00', '  ', 'kuberay stale since 12:03:00, reconnecting'],
  ],
  ['nothing is installed', [{ ...live, state: 'not_installed' as const }], ['nothing to watch']],
])('how fresh the list is: %s', (_, runtimes, words) => {
  expect(wordsOf(...runtimes)).toEqual(words);
});
