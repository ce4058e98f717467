import * as z from 'zod';
import type { Deployment } from '../../foundry/deployment.ts';
import { getClusterCapacity } from '../../tools/get-cluster-capacity.ts';
import { listDeployments } from '../../tools/list-deployments.ts';
import { table } from '../../tools/text/table.ts';
import { count, lines, ratio } from '../../tools/text/words.ts';
import type { Prompt } from './prompt.ts';

const input = z.object({
  gpus: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'a whole number from 1 to 9999, such as 8')
    .optional()
    .describe('how many are needed'),
});

/** More holders than this are counted, not shown. */
const shownHolders = 15;
/** The most that one list gives. */
const listed = 500;

export const freeSomeGpus: Prompt<typeof input> = {
  name: 'free-some-gpus',
  title: 'Free some GPUs',
  description: 'Finds what holds GPUs, and what of it could give some back.',
  input,
  async message({ gpus }, read) {
    const [capacity, list] = await Promise.all([
      read(getClusterCapacity, {}),
      read(listDeployments, { limit: listed }),
    ]);
    return lines(
      `Free ${gpus === undefined ? 'some GPUs' : count(Number(gpus), 'GPU')} on this cluster.`,
      `\n${capacity.text}`,
      `\n${list.data ? holders(list.data.deployments, list.data.total) : list.text}`,
      `
1. Propose the least harm: first what Failed or waits, then what has more replicas than it uses (get_deployment_metrics tells), last what serves.
2. Change nothing before I agree: scale_deployment to fewer replicas (0 suspends, and keeps it), or delete_deployment.
3. Then get_cluster_capacity once more, and tell me what is free now.`,
    );
  },
};

/** Those that ask for GPUs: what does not serve first, then the largest. */
function holders(deployments: readonly Deployment[], total: number): string {
  const holding = deployments
    .filter(({ gpus, phase }) => gpus !== 0 && phase !== 'Suspended')
    .toSorted((a, b) => Number(a.phase === 'Running') - Number(b.phase === 'Running') || (b.gpus ?? 0) - (a.gpus ?? 0));
  const shown = holding.slice(0, shownHolders);
  return lines(
    `${holding.length} of ${count(total, 'deployment')} ask for GPUs:`,
    shown.length > 0 &&
      table(
        ['NAME', 'NAMESPACE', 'RUNTIME', 'GPUS', 'READY', 'PHASE', 'MADE BY'],
        shown.map((row) => [
          row.name,
          row.namespace,
          row.runtime,
          String(row.gpus ?? '?'),
          ratio(row.replicas),
          row.phase ?? 'unreadable',
          row.managed ? '' : 'others',
        ]),
      ),
    holding.length > shown.length && `showing ${shown.length}; list_deployments shows all`,
  );
}
