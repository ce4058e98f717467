import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import type { Tone } from '../text/line.ts';

/** A runtime in three letters. */
export const badges: Readonly<Record<RuntimeStatus['id'], string>> = { dynamo: 'DYN', kuberay: 'RAY' };

/** How a state of an installation is called and looks. The words tell it without colour as well. */
export const stateBadges: Readonly<
  Record<RuntimeStatus['state'], Readonly<Record<'label' | 'short' | 'shortest', string>> & { readonly tone: Tone }>
> = {
  ready: { label: 'HEALTHY', short: 'OK', shortest: 'OK', tone: 'good' },
  unhealthy: { label: 'UNHEALTHY', short: 'UNHEALTHY', shortest: 'BAD', tone: 'bad' },
  partial: { label: 'PARTIAL', short: 'PARTIAL', shortest: 'PART', tone: 'warn' },
  not_installed: { label: 'NOT INSTALLED', short: '--', shortest: '--', tone: 'dim' },
  unknown: { label: 'UNKNOWN', short: '?', shortest: '?', tone: 'warn' },
};
