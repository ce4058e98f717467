import { setInterval } from 'node:timers';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { type Machine, node } from '../../src/sandbox/scenarios/nodes.ts';

/** kube-controller-manager gives up a node that says nothing for 50 s. */
const heartbeatMilliseconds = 10_000;
const kubeletVersion = 'v1.35.4';

/** Makes the nodes of these machines and keeps them ready; the result stops that. */
export async function keepNodes(simulator: Cluster, machines: readonly Machine[]): Promise<() => void> {
  const beat = async () => {
    for (const [index, machine] of machines.entries()) {
      const { status } = node(machine, index, kubeletVersion, new Date());
      const name = { group: '', kind: 'Node' };
      await simulator.patch(name, { name: machine.name }, { status }, { subresource: 'status' });
    }
  };
  for (const [index, machine] of machines.entries()) {
    await simulator.create(node(machine, index, kubeletVersion, new Date()));
  }
  await beat();
  const heart = setInterval(() => beat().catch(() => {}), heartbeatMilliseconds);
  return () => clearInterval(heart);
}
