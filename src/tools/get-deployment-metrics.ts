import * as z from 'zod';
import { type Figure, titleOf } from '../foundry/figures.ts';
import { deploymentMetrics, readMetrics } from '../foundry/metrics.ts';
import { lookingUp, may, readingVersions } from '../foundry/rights.ts';
import { written } from '../foundry/written-number.ts';
import { deploymentRef } from './inputs.ts';
import { callOn, deploymentLine, whyLine } from './text/deployments.ts';
import { podProblemLines } from './text/pods.ts';
import { table } from './text/table.ts';
import { lines, problemLines } from './text/words.ts';
import type { Tool } from './tool.ts';

const input = z.strictObject({
  ...deploymentRef,
  window: z.int().min(0).max(60).optional().describe('seconds over which rates are measured; default 2'),
});

const output = deploymentMetrics.extend({ context: z.string() });

export const getDeploymentMetrics: Tool<typeof input, typeof output> = {
  name: 'get_deployment_metrics',
  command: 'metrics',
  title: 'Metrics of a deployment',
  description:
    'What a deployment does now: requests, queue, time to first token, inter-token latency, tokens/s, KV cache.',
  effect: 'read',
  needs: { role: 'observe', rights: [...lookingUp, ...may('get', '', 'pods/proxy')], optional: readingVersions },
  input,
  output,
  route: { method: 'GET', path: '/deployments/:name/metrics' },
  async run({ context: where, window = 2, ...ref }, { foundry }, signal) {
    const site = await foundry.site(where);
    return { context: site.context, ...(await readMetrics(site, ref, window, signal)) };
  },
  text: ({ context, deployment, figures, window, scraped, answered, unread, problems }) => {
    const known = figures.filter(({ value }) => value !== null);
    const unknown = figures.filter(({ value }) => value === null).map(titleOf);
    const serves = deployment.phase === 'Running' || deployment.phase === 'Degraded';
    return lines(
      `context ${context}: ${deploymentLine(deployment)}`,
      known.length > 0 &&
        table(
          ['FIGURE', 'VALUE', 'OVER', 'SERIES', 'PODS'],
          known.map((one) => row(one, window)),
        ),
      scraped > 0 && unknown.length > 0 && `unknown: ${unknown.join(', ')}`,
      scraped === 0 && 'no pod could be read',
      podProblemLines(unread),
      problemLines(problems),
      serves &&
        answered === false &&
        `No request has been counted yet. Send one: ${callOn('query_deployment', deployment)}`,
      deployment.phase !== 'Running' && whyLine(deployment),
    );
  },
};

const row = (figure: Figure, window: number | null): readonly string[] => [
  titleOf(figure),
  `${written(figure.value)}${figure.unit}`,
  figure.over === 'window' ? `${window} s` : figure.over === 'start' ? 'since start' : (figure.over ?? ''),
  figure.source ?? '',
  String(figure.pods),
];
