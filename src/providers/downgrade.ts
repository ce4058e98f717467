import { toolCall } from './fixes.ts';
import type { Plan } from './provider.ts';
import { type Chart, isOlder, releasesAfter } from './releases.ts';
import type { RuntimeId } from './spec.ts';

interface Downgrade {
  readonly runtime: RuntimeId;
  readonly chart: Chart;
  readonly skipsMinors: boolean;
  readonly installed: string;
  readonly version: string;
  /** How upstream's own means go back, and at what price. */
  readonly byHand?: string;
}

/** Refuses an older version than the installed one, with the ways out; undefined where it is none. */
export function downgradeRefusal(downgrade: Downgrade): Plan | undefined {
  const { runtime, chart, skipsMinors, installed, version, byHand = '' } = downgrade;
  if (!isOlder(version, installed)) return undefined;
  const newer = releasesAfter(chart.releases, installed, skipsMinors).at(-1)?.version;
  const forward =
    newer === undefined
      ? `Keep ${installed}, the newest that is known.`
      : `Keep ${installed}, or ask for a newer one: ${toolCall('install_runtime', { runtime, version: newer })}.`;
  const back = `To go back, uninstall it with all that runs on it and install ${version} then: ${toolCall('uninstall_runtime', { runtime, planOnly: true })} shows what stops.`;
  return {
    summary: `${chart.title} ${installed} stays.`,
    steps: [],
    warnings: [],
    blockers: [`${chart.title} ${version} is older than the installed ${installed}: KubeFoundry does not downgrade.`],
    hint: [forward, back, byHand].filter((part) => part !== '').join(' '),
  };
}
