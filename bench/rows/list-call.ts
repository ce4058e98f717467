import { startCannedApi } from '../api/process.ts';
import { type McpServer, startMcpServer } from '../mcp-server.ts';
import type { Figures } from '../measure.ts';
import { go, goServer } from '../peers.ts';
import { type Bench, inTurn, type Row, timed } from './row.ts';

/** How many deployments there are, and at most which part of the peer's time ours may take. */
const sizes = [
  { deployments: 3, most: 1 },
  { deployments: 100, most: 0.3 },
  { deployments: 1000, most: 0.15 },
] as const;

const graph = 'nvidia.com/dynamo-graph-deployment-name';
const ofRayServices = 'ray.io/originated-from-crd=RayService';

const primaries = [
  { apiVersion: 'nvidia.com/v1beta1', kind: 'DynamoGraphDeployment' },
  { apiVersion: 'ray.io/v1', kind: 'RayService' },
] as const;

/** What `list_deployments` reads to tell phase and reason of each; it also asks for warnings, of which there are none. */
const belongings = [
  { apiVersion: 'nvidia.com/v1beta1', kind: 'DynamoComponentDeployment', labelSelector: graph },
  { apiVersion: 'apps/v1', kind: 'Deployment', labelSelector: graph },
  { apiVersion: 'v1', kind: 'Pod', labelSelector: graph },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'ray.io/v1', kind: 'RayCluster', labelSelector: ofRayServices },
  { apiVersion: 'v1', kind: 'Pod', labelSelector: 'ray.io/cluster' },
] as const;

/** One call of `list_deployments`, held against the calls with which a peer shows the same objects. */
export const listCall: Row = {
  name: 'list-call',
  how: "One call of `list_deployments` over stdio (its first page of 20, judged from all that belongs to them) beside the peer's calls that list the same objects, its rate limit lifted. Another process serves canned API replies over TLS, compressed as API servers do.",
  async run(bench) {
    const figures: Figures[] = [];
    for (const { deployments, most } of bench.quick ? sizes.slice(0, 2) : sizes) {
      figures.push(await listed(bench, deployments, most));
    }
    return figures;
  },
};

async function listed(bench: Bench, deployments: number, most: number): Promise<Figures> {
  await using api = await startCannedApi(deployments);
  const own = await startMcpServer(bench.server(api.kubeconfig));
  const peer = await startMcpServer(goServer(api.kubeconfig));
  const ours = async () => {
    const answer = await own.call('list_deployments', {});
    if (!answer.includes(`${deployments.toLocaleString('en-US')} deployment`)) throw new Error(answer.slice(0, 1000));
  };
  const contenders = [
    () => timed(ours),
    () => timed(() => listAll(peer, [...primaries, ...belongings], deployments)),
    () => timed(() => listAll(peer, primaries, deployments)),
  ];
  await inTurn(3, ...contenders);
  const runs = bench.quick ? 3 : deployments === 1000 ? 11 : 31;
  const [times = [], same = [], bare = []] = await inTurn(runs, ...contenders);
  await own.stop();
  await peer.stop();
  return {
    what: `List of ${deployments.toLocaleString('en-US')} deployments`,
    unit: 'ms',
    ours: times,
    peers: { [`${go}, same objects`]: same, [`${go}, primaries alone`]: bare },
    targets: [{ against: `${go}, same objects`, most }],
  };
}

/** @throws Error when an answer does not hold the last of the objects: it would be quick for the wrong reason */
async function listAll(
  peer: McpServer,
  lists: readonly Readonly<Record<string, string>>[],
  deployments: number,
): Promise<void> {
  const last = String(Math.floor(deployments / 2) - 1).padStart(5, '0');
  for (const list of lists) {
    const answer = await peer.call('resources_list', list);
    if (!answer.includes(`-${last}`)) throw new Error(`${JSON.stringify(list)}: ${answer.slice(0, 1000)}`);
  }
}
