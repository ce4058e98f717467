import type { Deployment } from '../deployment.ts';
import type { DeploymentRef } from '../lookup.ts';
import type { Site } from '../site.ts';
import { type Diagnosis, diagnose } from './diagnosis.ts';
import { gather } from './gathering.ts';

/** One deployment and what is the matter with it. */
export interface Diagnosed extends Diagnosis {
  readonly deployment: Deployment;
  /** What could not be read, in sentences. */
  readonly unread: readonly string[];
}

/**
 * Says why a deployment does not serve, or what it waits for, in at most ten requests.
 *
 * @throws FoundryError as `findDeployment`
 */
export async function diagnoseDeployment(site: Site, ref: DeploymentRef, signal: AbortSignal): Promise<Diagnosed> {
  const evidence = await gather(site, ref, signal);
  return { ...diagnose(evidence), deployment: evidence.deployment, unread: evidence.unread };
}

export { causeCodes } from '../../providers/causes.ts';
export { waitCodes } from './waits.ts';
