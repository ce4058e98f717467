import { toolCall } from '../../providers/fixes.ts';
import type { Phase } from '../../providers/spec.ts';
import type { Deployment } from '../deployment.ts';

const troubles: ReadonlySet<Phase | null> = new Set(['Failed', 'Degraded', 'Pending']);

/** Whether asking for the cause has a point: right after a change nobody has said anything yet. */
export const isTroubled = ({ phase, reason }: Pick<Deployment, 'phase' | 'reason'>): boolean =>
  troubles.has(phase) && reason !== 'NoStatus';

/** The call that finds the cause, ready to be made. */
export const diagnoseCall = ({ name, namespace }: Pick<Deployment, 'name' | 'namespace'>): string =>
  toolCall('diagnose_deployment', { name, namespace });
