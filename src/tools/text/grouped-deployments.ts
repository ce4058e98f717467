import type { Deployment } from '../../foundry/deployment.ts';
import { reasonText } from './deployments.ts';
import { lines, ratio } from './words.ts';

/** Phases that somebody asked for: their reason says nothing more. */
const wanted: ReadonlySet<Deployment['phase']> = new Set(['Running', 'Suspended', 'Deleting']);

/** Operators may say whole sentences; a comma ends an item. */
const word = (reason: string): string => reason.split(/[\s,]/, 1)[0] ?? '';

/** The name with what is not as it should be: `qwen`, `qwen 2/2`, `qwen 0/1 Failed OOMKilled`. */
function item({ name, phase, reason, replicas, upgrading, stale }: Deployment): string {
  const ready = ratio(replicas);
  const plain = phase === 'Suspended' || (phase === 'Running' && ready === '1/1');
  const says = !wanted.has(phase) && reason.toLowerCase() !== phase?.toLowerCase();
  const words = [
    name,
    plain ? '' : ready,
    phase === 'Running' ? '' : (phase ?? 'unreadable'),
    says ? reasonText(word(reason)) : '',
    upgrading ? 'upgrading' : '',
    stale && phase !== 'Deleting' ? 'stale' : '',
  ];
  return words.filter((each) => each !== '').join(' ');
}

/**
 * Many deployments in few tokens: each model, namespace and runtime is said once, and of what runs only the name. Ages
 * are left out.
 */
export function deploymentGroups(deployments: readonly Deployment[]): string {
  const models = Map.groupBy(deployments, ({ model }) => model ?? 'model unknown');
  return lines(
    'By model, namespace and runtime; a name alone is Running with 1/1 replicas ready.',
    ...[...models].flatMap(([model, served]) => {
      const places = Map.groupBy(served, ({ namespace, runtime }) => `${namespace} ${runtime}`);
      return [`${model}:`, ...[...places].map(([place, rows]) => `- ${place}: ${rows.map(item).join(', ')}`)];
    }),
  );
}
