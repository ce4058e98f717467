import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { type KubernetesObject, numberAt } from '../../src/kubernetes.ts';
import { dynamoCrds } from '../../src/sandbox/crds/dynamo.ts';
import { operatorIn, type Runtime } from '../../src/sandbox/operators.ts';
import type { KubeRayOperator } from './kuberay-operator.ts';

const lookMilliseconds = 200;

/** What the init container of Dynamo's operator does at every start, before the operator itself. The result stops it. */
export function applyCrdsOfDynamo(cluster: Cluster): () => Promise<void> {
  const applied = new Map<string | undefined, string>();
  return repeat(async () => {
    for (const { version, deployment } of await operators(cluster, 'dynamo')) {
      const { uid } = deployment.metadata;
      if (applied.get(uid) === version) continue;
      for (const crd of dynamoCrds(version)) await cluster.apply(crd, { force: true, fieldManager: 'crd-apply' });
      applied.set(uid, version);
    }
  });
}

/**
 * What KubeRay's pod does: the operator runs while a pod of its Kubernetes Deployment is ready. The result ends it.
 *
 * @param log - told when it starts and ends, and why it could not start
 */
export function runKubeRay(
  cluster: Cluster,
  start: () => Promise<KubeRayOperator>,
  log: (line: string) => void,
): () => Promise<void> {
  let running: KubeRayOperator | undefined;
  const end = async () => {
    const ending = running;
    running = undefined;
    await ending?.stop();
  };
  const stopLooking = repeat(async () => {
    const found = await operators(cluster, 'kuberay');
    const isUp = found.some(({ deployment }) => (numberAt(deployment, 'status', 'availableReplicas') ?? 0) > 0);
    if (isUp === (running !== undefined)) return;
    log(`the real KubeRay operator ${isUp ? 'starts' : 'ends'}`);
    if (!isUp) return end();
    running = await start().catch((error: unknown) => {
      log(String(error));
      return undefined;
    });
  });
  return async () => {
    await stopLooking();
    await end();
  };
}

async function operators(
  cluster: Cluster,
  runtime: Runtime,
): Promise<readonly { readonly version: string; readonly deployment: KubernetesObject }[]> {
  const deployments = await cluster.list({ group: 'apps', kind: 'Deployment' });
  return deployments.flatMap((deployment) => {
    const operator = operatorIn(deployment);
    return operator?.runtime === runtime ? [{ version: operator.version, deployment }] : [];
  });
}

/** Looks again and again, also when the API server was away for a look; the result stops that, after the look that is on. */
function repeat(look: () => Promise<void>): () => Promise<void> {
  const ended = new AbortController();
  const run = async () => {
    while (!ended.signal.aborted) {
      await look().catch(() => {});
      await sleep(lookMilliseconds);
    }
  };
  const running = run();
  return () => {
    ended.abort();
    return running;
  };
}
