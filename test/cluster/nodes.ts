import { setInterval } from 'node:timers';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { type Machine, node } from '../../src/sandbox/scenarios/nodes.ts';

/** kube-controller-manager gives up a node that says nothing for 50 s. */
const heartbeatMilliseconds = 10_000;
const kubeletVersion = 'v1.35.4';

/**
 * Makes the nodes of these machines and keeps them ready; the result stops that.
 *
 * @param kubeletPort - where on loopback their kubelets listen; without it the server looks for them, and finds nobody,
 * at addresses of their own
 */
export async function keepNodes(
  simulator: Cluster,
  machines: readonly Machine[],
  kubeletPort?: number,
): Promise<() => void> {
  const nodeOf = (machine: Machine, index: number) => {
    const made = node(machine, index, kubeletVersion, new Date());
    return kubeletPort === undefined
      ? made
      : { ...made, status: { ...Object(made.status), ...onLoopback(kubeletPort) } };
  };
  const beat = async () => {
    for (const [index, machine] of machines.entries()) {
      const { status } = nodeOf(machine, index);
      const name = { group: '', kind: 'Node' };
      await simulator.patch(name, { name: machine.name }, { status }, { subresource: 'status' });
    }
  };
  for (const [index, machine] of machines.entries()) await simulator.create(nodeOf(machine, index));
  await beat();
  const heart = setInterval(() => beat().catch(() => {}), heartbeatMilliseconds);
  return () => clearInterval(heart);
}

const onLoopback = (kubeletPort: number) => ({
  addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
  daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
});
