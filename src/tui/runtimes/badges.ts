import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import type { Tone } from '../text/line.ts';

/** A runtime in three letters. */
export const badges: Readonly<Record<RuntimeStatus['id'], string>> = { dynamo: 'DYN', kuberay: 'RAY' };

/** How a state of an installation is called and looks. The words tell it without colour as well. */
export const stateBadges: Readonly<
  Record<RuntimeStatus['state'], { readonly label: string; readonly short: string; readonly tone: Tone }>
> = {
  ready: { label: 'HEALTHY', short: 'OK', tone: 'good' },
  unhealthy: { label: 'UNHEALTHY', short: 'UNHEALTHY', tone: 'bad' },
  partial: { label: 'PARTIAL', short: 'PARTIAL', tone: 'warn' },
  not_installed: { label: 'NOT INSTALLED', short: '--', tone: 'dim' },
  unknown: { label: 'UNKNOWN', short: '?', tone: 'warn' },
};
