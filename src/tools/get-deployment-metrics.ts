import * as z from 'zod';
import { type Figure, titleOf } from '../foundry/figures.ts';
import { deploymentMetrics, readMetrics } from '../foundry/metrics.ts';
import { lookingUp, may, readingVersions } from '../foundry/rights.ts';
import { deploymentRef } from './inputs.ts';
import { callOn, deploymentLine } from './text/deployments.ts';
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
  text: (metrics) => {
    const { context, deployment, figures, scraped, answered, unread, problems } = metrics;
    return lines(
      `context ${context}: ${deploymentLine(deployment)}`,
      scraped > 0 &&
        table(
          ['FIGURE', 'VALUE', 'OVER', 'SERIES', 'PODS'],
          figures.map((one) => row(one, metrics.window)),
        ),
      scraped === 0 && 'no pod could be read',
      answered === false &&
        `No request has been counted yet, so latencies are unknown. Send one: ${callOn('query_deployment', deployment)}`,
      podProblemLines(unread),
      problemLines(problems),
      scraped === 0 && `See why: ${callOn('get_deployment', deployment)}`,
    );
  },
};

const row = (figure: Figure, window: number | null): readonly string[] => [
  titleOf(figure),
  figure.value === null ? '?' : `${figure.value.toLocaleString('en-US')}${figure.unit}`,
  figure.over === 'window' ? `${window} s` : figure.over === 'start' ? 'since start' : (figure.over ?? ''),
  figure.source ?? '',
  figure.pods === 0 ? '' : String(figure.pods),
];
