import type { KubernetesObject } from '../../kubernetes.ts';
import type { Subject } from '../../providers/causes.ts';
import type { PodJudgement } from '../../providers/pods.ts';
import type { Installation, Provider, Snapshot } from '../../providers/provider.ts';
import type { Role } from '../../providers/spec.ts';
import type { Survey } from '../capacity/survey.ts';
import type { Deployment } from '../deployment.ts';

/** A pod of the deployment, judged. */
export interface PodEvidence extends PodJudgement {
  readonly object: KubernetesObject;
  readonly role: Role | null;
}

/** The last lines of one container. */
interface LogEvidence {
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
  readonly lines: readonly string[];
}

/** All that diagnosis judges, read at one time. Absent = not asked for, because nothing pointed there. */
export interface Evidence {
  readonly provider: Provider;
  readonly snapshot: Snapshot;
  readonly deployment: Deployment;
  /** Why it is in its phase, uncut. */
  readonly words: string;
  readonly subject: Subject;
  /** Those that count: neither ended nor being deleted, nor unwell while others take their place. */
  readonly pods: readonly PodEvidence[];
  /** Warnings of the namespace, about anything. */
  readonly events: readonly KubernetesObject[];
  readonly logs: readonly LogEvidence[];
  readonly claims?: readonly KubernetesObject[];
  readonly survey?: Survey;
  readonly installation?: Installation;
  /** What could not be read, in sentences. */
  readonly unread: readonly string[];
}
