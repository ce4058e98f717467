import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { isDeleting, isReady } from '../../src/sandbox/controllers/objects.ts';
import { dynamoCrds } from '../../src/sandbox/crds/dynamo.ts';
import { operatorIn } from '../../src/sandbox/operators.ts';
import type { KubeRayOperator } from './kuberay-operator.ts';

const lookMilliseconds = 200;

/** What the init container of Dynamo's operator does at every start, before the operator itself. The result stops it. */
export function applyCrdsOfDynamo(cluster: Cluster, log: (line: string) => void): () => Promise<void> {
  const applied = new Map<string | undefined, string>();
  return repeat(async () => {
    for (const deployment of await cluster.list({ group: 'apps', kind: 'Deployment' })) {
      const operator = operatorIn(deployment);
      const { uid } = deployment.metadata;
      if (operator?.runtime !== 'dynamo' || applied.get(uid) === operator.version) continue;
      for (const crd of dynamoCrds(operator.version)) {
        await cluster.apply(crd, { force: true, fieldManager: 'crd-apply' });
      }
      applied.set(uid, operator.version);
    }
  }, log);
}

/**
 * What KubeRay's pod does: each ready one runs the operator, as long as it is there. The result ends it.
 *
 * @param log - told when it starts and ends, and why it could not start
 */
export function runKubeRay(
  cluster: Cluster,
  start: () => Promise<KubeRayOperator>,
  log: (line: string) => void,
): () => Promise<void> {
  let running: { readonly pod: string | undefined; readonly operator: KubeRayOperator } | undefined;
  const end = async () => {
    if (running === undefined) return;
    await running.operator.stop();
    log('the real KubeRay operator ends');
    running = undefined;
  };
  const stopLooking = repeat(async () => {
    const labelSelector = 'app.kubernetes.io/name=kuberay-operator';
    const pods = await cluster.list({ group: '', kind: 'Pod' }, { labelSelector });
    const pod = pods.find((each) => isReady(each) && !isDeleting(each))?.metadata.uid;
    if (pod === running?.pod) return;
    await end();
    if (pod === undefined) return;
    log('the real KubeRay operator starts');
    running = { pod, operator: await start() };
  }, log);
  return async () => {
    await stopLooking();
    await end();
  };
}

/** Looks again and again, whatever a look fails with; the result stops that, after the look that is on. */
function repeat(look: () => Promise<void>, log: (line: string) => void): () => Promise<void> {
  const ended = new AbortController();
  const run = async () => {
    while (!ended.signal.aborted) {
      await look().catch((error: unknown) => log(String(error)));
      await sleep(lookMilliseconds);
    }
  };
  const running = run();
  return () => {
    ended.abort();
    return running;
  };
}
