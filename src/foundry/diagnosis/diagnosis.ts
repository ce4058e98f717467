import { gpuArithmetic } from './capacity.ts';
import type { Evidence } from './evidence.ts';
import { type Finding, findingsIn } from './findings.ts';
import { linesOf } from './lines.ts';
import { heldDeletion, lossFinding, operatorFinding, overdueFinding } from './surroundings.ts';
import { type Wait, waitOf } from './waits.ts';

export interface Diagnosis {
  /** Best first; empty where nothing is wrong. */
  readonly findings: readonly Finding[];
  /** What it waits for where nothing is wrong; null where it serves, sleeps or has failed. */
  readonly waiting: Wait | null;
}

const isFinding = (finding: Finding | undefined): finding is Finding => finding !== undefined;

/** Codes that counting decides better than the scheduler's words. */
const gpuCodes: ReadonlySet<string> = new Set(['GPUS_NONE', 'GPUS_TOO_MANY', 'GPUS_IN_USE']);

/** Judges the evidence. Pure: the same evidence gives the same findings. */
export function diagnose(evidence: Evidence): Diagnosis {
  const { deployment, provider, subject } = evidence;
  const { phase } = deployment;
  if (phase === 'Running' || phase === 'Suspended') {
    // It goes on as it is, and nothing repairs or changes it.
    return { findings: [operatorFinding(evidence)].filter(isFinding), waiting: null };
  }
  const waiting = waitOf(evidence);
  if (phase === 'Deleting') {
    const findings = [heldDeletion(evidence), operatorFinding(evidence)].filter(isFinding);
    return { findings, waiting: findings.length === 0 ? waiting : null };
  }
  const counted = gpuArithmetic(evidence);
  const told = findingsIn(linesOf(evidence), subject, {
    own: provider.causes,
    // While nothing has failed, what is merely not ready yet is no symptom.
    symptoms: phase !== 'Deploying',
  }).filter(({ code }) => counted === undefined || !gpuCodes.has(code));
  const findings = [operatorFinding(evidence), counted, ...told, lossFinding(evidence)].filter(isFinding);
  if (findings.length > 0 || waiting === null) return { findings, waiting: null };
  const overdue = overdueFinding(evidence, waiting);
  return overdue ? { findings: [overdue], waiting: null } : { findings: [], waiting };
}
