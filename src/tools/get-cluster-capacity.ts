import * as z from 'zod';
import { capacity, type NodeCapacity, type Pool } from '../foundry/capacity/capacity.ts';
import { capacityOf } from '../foundry/capacity/survey.ts';
import { readingAllPods, readingNodes } from '../foundry/rights.ts';
import { plainLine } from '../foundry/untrusted-text.ts';
import { context } from './inputs.ts';
import { table } from './text/table.ts';
import { count, lines, problemLines } from './text/words.ts';
import type { Tool } from './tool.ts';

const input = z.strictObject({ context });
const output = capacity.extend({ context: z.string() });

/** More pools or nodes than this are counted, not shown. */
const shownPools = 10;
const shownNodes = 10;

export const getClusterCapacity: Tool<typeof input, typeof output> = {
  name: 'get_cluster_capacity',
  command: 'capacity',
  title: 'GPUs of the cluster',
  description:
    'GPUs per pool and node: model, memory, total, used, free, largest free block, and nodes that cannot be used.',
  effect: 'read',
  needs: { role: 'observe', rights: readingNodes, optional: readingAllPods },
  input,
  output,
  route: { method: 'GET', path: '/capacity' },
  async run({ context: where }, { foundry }, signal) {
    const site = await foundry.site(where);
    return { context: site.context, ...capacityOf(await site.survey(signal, true)) };
  },
  unmet: ({ pools }) => pools === null,
  text: ({ context: name, pools, nodes, waiting, problems }) =>
    lines(
      `context ${name}: ${summary(pools)}`,
      pools !== null && pools.length > 0 && poolTable(pools.slice(0, shownPools)),
      pools !== null && pools.length > shownPools && `showing ${shownPools} of ${count(pools.length, 'pool')}`,
      ...(pools ?? []).flatMap(blockedLines),
      waiting !== null &&
        waiting.pods > 0 &&
        `${count(waiting.pods, 'pod')} without a node ask for ${count(waiting.gpus, 'GPU')}`,
      nodes !== null && freeNodes(nodes),
      problemLines(problems),
    ),
};

const gibibytes = (mebibytes: number | null): string =>
  mebibytes === null ? '?' : `${(mebibytes / 1024).toFixed(0)} GiB`;
const known = (number: number | null): string => (number === null ? '?' : String(number));
const modelOf = ({ model, resource }: Pick<Pool, 'model' | 'resource'>): string => plainLine(model ?? resource, 63);

function summary(pools: readonly Pool[] | null): string {
  if (pools === null) return 'GPUs unknown';
  if (pools.length === 0) return 'no node offers GPUs';
  const total = pools.reduce((sum, pool) => sum + pool.total, 0);
  const free = pools.reduce<number | null>(
    (sum, pool) => (sum === null || pool.free === null ? null : sum + pool.free),
    0,
  );
  return `${count(total, 'GPU')}, ${free === null ? 'free unknown' : `${free} free`}`;
}

const poolTable = (pools: readonly Pool[]): string =>
  table(
    ['GPU', 'RESOURCE', 'MEMORY', 'NODES', 'TOTAL', 'USED', 'FREE', 'LARGEST FREE'],
    pools.map((pool) => [
      modelOf(pool),
      pool.resource === 'nvidia.com/gpu' ? '' : pool.resource,
      gibibytes(pool.memory),
      String(pool.nodes),
      String(pool.total),
      known(pool.used),
      known(pool.free),
      known(pool.largestFree),
    ]),
  );

const blockedLines = (pool: Pool): readonly string[] =>
  pool.blocked.map(
    ({ why, nodes, gpus }) =>
      `not usable: ${count(gpus, 'GPU')} of ${modelOf(pool)} on ${count(nodes, 'node')} (${plainLine(why, 120)})`,
  );

/** Where there is room, the largest block first. */
function freeNodes(nodes: readonly NodeCapacity[]): string | undefined {
  const open = nodes
    .filter(({ free, blockers }) => blockers.length === 0 && free !== null && free > 0)
    .toSorted((one, other) => (other.free ?? 0) - (one.free ?? 0));
  if (open.length === 0) return undefined;
  const shown = open.slice(0, shownNodes).map(({ name, free, total }) => `${name} ${free}/${total}`);
  const rest = open.length > shownNodes ? `, and ${open.length - shownNodes} more nodes` : '';
  return `free on: ${shown.join(', ')}${rest}`;
}
