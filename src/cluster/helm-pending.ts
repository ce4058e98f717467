import { workMilliseconds } from './helm-arguments.ts';
import { type Standing, standingOf } from './helm-orphans.ts';
import type { HelmRelease, ListedRelease } from './helm-output.ts';
import { type KnownRun, runsOn } from './helm-runs.ts';

/** Milliseconds from the start of helm until it has made its revision: before, it fetches the chart. */
const startsWithin = 120_000;

/** Adds to releases that are pending what is known of the helm that works on them, or has. */
export async function withHelms(
  releases: readonly ListedRelease[],
  clusterOf: () => Promise<string>,
): Promise<readonly HelmRelease[]> {
  const isPending = ({ status }: ListedRelease) => status.startsWith('pending-');
  const cluster = releases.some(isPending) ? await clusterOf() : '';
  return Promise.all(
    releases.map(async ({ updated, ...release }) => {
      const { name, namespace } = release;
      const since = instantOf(updated);
      if (!isPending({ updated, ...release })) return release;
      if (since === undefined) return { ...release, helm: 'unknown' as const };
      const runs = (await runsOn({ cluster, namespace, release: name })).filter((run) => madeBy(run, since));
      const standings = await Promise.all(runs.map(standingOf));
      return {
        ...release,
        since: since.toISOString().replace(/\.\d+Z$/, 'Z'),
        helm: helmOf(standings, Date.now() - since.getTime()),
      };
    }),
  );
}

/** A pending revision tells when its helm made it, by the clock of the machine that helm runs on. */
function madeBy({ begun, ended }: KnownRun, since: Date): boolean {
  const made = since.getTime();
  const passed = made - Date.parse(begun);
  return passed >= 0 && passed < startsWithin && (ended === undefined || made <= Date.parse(ended));
}

function helmOf(standings: readonly Standing[], age: number): HelmRelease['helm'] {
  if (standings.includes('orphaned')) return 'orphaned';
  if (standings.includes('ended') && !standings.includes('running')) return 'ended';
  return age < workMilliseconds ? 'unknown' : undefined;
}

/** `2026-11-29 17:08:06.123456789 +0100 CET`, as helm prints times; undefined for what is none. */
function instantOf(text: string): Date | undefined {
  const [, day, time, hours, minutes] = /^(\S+) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d* ([+-]\d\d):?(\d\d)/.exec(text) ?? [];
  const instant = new Date(day === undefined ? text : `${day}T${time}${hours}:${minutes}`);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
