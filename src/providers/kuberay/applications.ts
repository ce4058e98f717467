import { entriesAt, type KubernetesObject, textAt } from '../../kubernetes.ts';
import type { Cause } from '../pods.ts';

/** The two places where a RayService tells about applications: the cluster that serves, and the one that shall. */
export type Side = 'activeServiceStatus' | 'pendingServiceStatus';

const frames = /^\s*$|^\s{2,}|^Traceback /;
const chained = /^(?:The above exception was the direct cause|During handling of the above exception).*$/m;

/** What a person needs of a Python error: what Ray puts after `Error:`, of chained exceptions the last, without the frames of tracebacks. */
function essence(text: string): string {
  const told = text.split(/\bError:\s*\n/).at(-1) ?? text;
  const last = told.split(chained).at(-1) ?? told;
  const lines = last.split('\n').filter((line) => !frames.test(line));
  return lines.map((line) => line.trim()).join(' ');
}

/** The deployments that say something; those in the application's own state, where there are such, know the cause. */
function deploymentWords(application: unknown, status: string): readonly string[] {
  const telling = entriesAt(application, 'serveDeploymentStatuses').flatMap(([name, deployment]) => {
    const message = textAt(deployment, 'message') ?? '';
    return message === '' ? [] : [{ status: textAt(deployment, 'status'), words: `${name}: ${essence(message)}` }];
  });
  const causing = telling.filter((deployment) => deployment.status === status);
  return (causing.length > 0 ? causing : telling).map(({ words }) => words);
}

/** The first application of a side that is in one of these states (Ray's words: DEPLOY_FAILED, UNHEALTHY, DEPLOYING, NOT_STARTED, RUNNING, DELETING). */
export function applicationIn(rayService: KubernetesObject, side: Side, states: readonly string[]): Cause | undefined {
  for (const [name, application] of entriesAt(rayService, 'status', side, 'applicationStatuses')) {
    const status = textAt(application, 'status') ?? '';
    if (!states.includes(status)) continue;
    const words = deploymentWords(application, status);
    const own = essence(textAt(application, 'message') ?? '');
    return { reason: status, message: `application ${name}: ${words.join('; ') || own || status}` };
  }
  return undefined;
}

/** An application that is on its way: a worker that is ready may still load the model. */
export const loading = { words: /^(?:DEPLOYING|NOT_STARTED): application /, who: 'Ray Serve' };
