import { age } from '../../foundry/ages.ts';
import type { Deployment } from '../../foundry/deployment.ts';
import { isWorded, reasonWords } from '../../foundry/reason-words.ts';
import { table } from './table.ts';
import { ratio } from './words.ts';

/** `ImagePullBackOff`, `(some resources are not ready)` */
export const reasonText = (reason: string): string => (isWorded(reason) ? `(${reasonWords(reason)})` : reason);

/** `Failed ImagePullBackOff`; a Running deployment needs no reason. */
const phaseWords = ({ phase, reason, upgrading, stale }: Deployment): string =>
  [
    phase ?? 'unreadable',
    phase === 'Running' || reason === phase ? '' : reasonText(reason),
    upgrading ? 'upgrading' : '',
    stale ? 'stale' : '',
  ]
    .filter((word) => word !== '')
    .join(' ');

/** One line per deployment. */
export function deploymentTable(deployments: readonly Deployment[], now: Date): string {
  return table(
    ['NAME', 'NAMESPACE', 'RUNTIME', 'READY', 'AGE', 'MODEL', 'PHASE'],
    deployments.map((row) => [
      row.name,
      row.namespace,
      row.runtime,
      ratio(row.replicas),
      age(row.createdAt, now),
      row.model ?? '?',
      phaseWords(row),
    ]),
  );
}

/** One deployment in one sentence. */
export const deploymentLine = (row: Deployment): string =>
  `${row.namespace}/${row.name} (${row.runtime}): ${phaseWords(row)}, ${ratio(row.replicas)} replicas ready`;

/** A call of a tool on this deployment, ready to be made. */
export const callOn = (tool: string, { name, namespace, runtime }: Deployment): string =>
  `${tool} ${JSON.stringify({ name, namespace, runtime })}`;

/** The call that tells why it is not Running. */
export const whyLine = (row: Deployment): string =>
  `Why it is ${row.phase ?? 'unreadable'}: ${callOn('diagnose_deployment', row)}`;
