import * as z from 'zod';
import { age } from '../foundry/ages.ts';
import { type DeploymentDetail, deploymentDetail, describeInDetail } from '../foundry/detail.ts';
import { diagnoseCall, isTroubled } from '../foundry/diagnosis/next-step.ts';
import { findDeployment } from '../foundry/lookup.ts';
import { lookingUp, readingVersions } from '../foundry/rights.ts';
import { fenced, fencedText } from '../foundry/untrusted-text.ts';
import { deploymentRef } from './inputs.ts';
import { deploymentLine } from './text/deployments.ts';
import { table } from './text/table.ts';
import { count, lines, problemLines, ratio } from './text/words.ts';
import type { Tool } from './tool.ts';

const input = z.strictObject({
  ...deploymentRef,
  detail: z.boolean().optional().describe('adds conditions and manifest'),
});

const output = z.object({ context: z.string(), deployment: deploymentDetail });

/** More pods than this are counted, not shown. */
const shownPods = 20;

export const getDeployment: Tool<typeof input, typeof output> = {
  name: 'get_deployment',
  command: 'get',
  title: 'One deployment',
  description: 'One deployment: phase with its reason, replicas per role, endpoint, pods and why they do not run.',
  effect: 'read',
  needs: { role: 'observe', rights: lookingUp, optional: readingVersions },
  input,
  output,
  route: { method: 'GET', path: '/deployments/:name' },
  async run({ context: where, detail = false, ...ref }, { foundry }, signal) {
    const site = await foundry.site(where);
    const found = await findDeployment(site, ref, signal);
    return {
      context: site.context,
      deployment: describeInDetail(found, { manifest: detail, context: site.cluster.namedContext }),
    };
  },
  text: ({ context: name, deployment: row }) => {
    const now = new Date();
    return lines(
      `context ${name}: ${deploymentLine(row)}`,
      row.phase !== 'Running' && row.message !== '' && fenced('Why', [row.message]),
      factsLine(row, now),
      row.roles.length > 0 && `roles: ${row.roles.map(roleWords).join(', ')}`,
      row.endpoint
        ? `endpoint: Service ${row.endpoint.namespace}/${row.endpoint.service}, port ${row.endpoint.port}`
        : 'endpoint: none yet',
      podTable(row, now),
      row.manifest !== undefined && conditionTable(row, now),
      isTroubled(row) && `next: ${diagnoseCall(row)}`,
      problemLines(row.problems),
      row.manifest !== undefined && fencedText('Manifest', row.manifest.trimEnd()),
    );
  },
};

const factsLine = (row: DeploymentDetail, now: Date): string =>
  [
    `${row.kind} ${row.apiVersion}`,
    `model ${row.model ?? 'unknown'}`,
    row.servedModelName !== null && row.servedModelName !== row.model ? `served as ${row.servedModelName}` : '',
    `engine ${row.engine ?? 'unknown'}`,
    row.mode ?? '',
    row.gpus === null ? '' : count(row.gpus, 'GPU'),
    `age ${age(row.createdAt, now)}`,
    row.managed ? '' : 'made by others',
  ]
    .filter((word) => word !== '')
    .join(', ');

const roleWords = (role: DeploymentDetail['roles'][number]): string =>
  `${role.role} ${ratio(role)}${role.gpus ? ` (${count(role.gpus, 'GPU')} each)` : ''}`;

function podTable({ pods }: DeploymentDetail, now: Date): string | undefined {
  if (pods.length === 0) return undefined;
  // Those that do not run first: they are what one looks for.
  const shown = pods.toSorted((a, b) => Number(a.ready) - Number(b.ready)).slice(0, shownPods);
  const rows = shown.map((pod) => [
    pod.name,
    pod.role ?? '',
    pod.ready ? 'ready' : pod.phase,
    pod.restarts === 0 ? '' : String(pod.restarts),
    pod.node ?? '',
    age(pod.createdAt, now),
    pod.reason ?? '',
  ]);
  const cut = pods.length > shown.length ? `\nshowing ${shown.length} of ${count(pods.length, 'pod')}` : '';
  return `${table(['POD', 'ROLE', 'STATE', 'RESTARTS', 'NODE', 'AGE', 'REASON'], rows)}${cut}`;
}

function conditionTable({ conditions }: DeploymentDetail, now: Date): string | undefined {
  if (conditions.length === 0) return undefined;
  return fenced(
    'Conditions',
    conditions.map(({ type, status, reason, message, since }) =>
      [`${type}=${status}`, reason ?? '', age(since, now), message ?? ''].filter((word) => word !== '').join(' '),
    ),
  );
}
