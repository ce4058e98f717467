import type * as z from 'zod';
import type { Deployment } from '../../foundry/deployment.ts';
import type { diagnoseDeployment } from '../../tools/diagnose-deployment.ts';

/** The first cause that diagnosis names, its fix in the words of the commands. */
export type Finding = z.output<typeof diagnoseDeployment.output>['findings'][number] & {
  /** It changes the deployment itself: here that is made in the form. */
  readonly isEdit: boolean;
};

/** What the latest diagnosis found, of which deployment in which state: list and detail show the same one. */
export interface Diagnosed {
  readonly key: string;
  readonly finding: Finding | undefined;
  /** Milliseconds. */
  readonly at: number;
}

const sound: readonly Deployment['phase'][] = ['Running', 'Suspended', 'Deleting'];

/** A deployment in the state that a diagnosis is of; empty where there is nothing to find. */
export const diagnosisKey = (row: Deployment | undefined): string =>
  row === undefined || sound.includes(row.phase)
    ? ''
    : JSON.stringify([row.namespace, row.name, row.runtime, row.phase, row.reason, row.message]);

/** Why it does not run; absent where that is not known, or nothing is wrong. */
export const findingFor = (diagnosed: Diagnosed | undefined, row: Deployment | undefined): Finding | undefined =>
  diagnosed?.key === diagnosisKey(row) ? diagnosed.finding : undefined;
