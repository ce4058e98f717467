import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { FoundryError } from '../errors.ts';
import { textAt } from '../kubernetes.ts';
import type { MetricTarget } from '../providers/observation.ts';
import { deployment } from './deployment.ts';
import { type Figure, figure, figuresOf, type Scrape } from './figures.ts';
import { jsonIn } from './json-in.ts';
import { type DeploymentRef, findDeployment } from './lookup.ts';
import { askEach, podProblem, podProblemOf } from './pod-problems.ts';
import { problem } from './problems.ts';
import { parseMetrics, type Samples } from './prometheus.ts';
import type { Site } from './site.ts';
import { plainLine } from './untrusted-text.ts';

export const deploymentMetrics = z.object({
  deployment,
  figures: z.array(figure),
  /** Seconds between the two readings; null where there was one, or none. */
  window: z.number().nullable(),
  answered: z.boolean().nullable().describe('whether any request has been counted; null = unknown'),
  scraped: z.int().describe('pods that were read'),
  unread: z.array(podProblem),
  problems: z.array(problem),
});

export type DeploymentMetrics = z.output<typeof deploymentMetrics>;

const mostPods = 32;
const deadline = 10_000;

/** The figures of a deployment over so many seconds, from what its own pods count. */
export async function readMetrics(
  site: Site,
  ref: DeploymentRef,
  seconds: number,
  signal: AbortSignal,
): Promise<DeploymentMetrics> {
  const found = await findDeployment(site, ref, signal);
  const { metricTargets, series } = found.provider.reading;
  const all = metricTargets(found.snapshot);
  const running = all.filter(({ startedAt }) => startedAt !== null);
  const chosen = running.slice(0, mostPods);
  const { answers, problems } = await askEach(chosen, (target) => scrapeTwice(site, target, seconds, signal));
  const figures = figuresOf(series, answers);
  return {
    deployment: found.deployment,
    figures: [...figures],
    window: answers.length > 0 && answers.every(({ first }) => first !== undefined) ? seconds : null,
    answered: hasAnswered(figures, answers.length),
    scraped: answers.length,
    unread: [
      ...problems,
      ...all.filter(({ startedAt }) => startedAt === null).map(notRunning),
      ...running
        .slice(mostPods)
        .map((target) => podProblemOf(target, 'NotRead', `only ${mostPods} pods are read at once`)),
    ],
    problems: [...found.problems],
  };
}

/** Some runtimes have no series before the first request, others have zeros. */
function hasAnswered(figures: readonly Figure[], scraped: number): boolean | null {
  if (scraped === 0) return null;
  return figures.some(
    ({ figure: name, value }) => (name === 'requestsTotal' || name === 'ttftP50') && (value ?? 0) > 0,
  );
}

function notRunning(target: MetricTarget) {
  const { reason, message } = target.waiting ?? { reason: 'NotStarted', message: 'its container does not run' };
  return podProblemOf(target, reason, message);
}

async function scrapeTwice(site: Site, target: MetricTarget, seconds: number, signal: AbortSignal): Promise<Scrape> {
  const first = await scrape(site, target, signal);
  const began = site.now().getTime();
  if (seconds === 0) return { last: first, window: 0, age: ageOf(target, first, began) };
  const start = performance.now();
  await sleep(seconds * 1000, undefined, { signal });
  try {
    const last = await scrape(site, target, signal);
    return { first, last, window: (performance.now() - start) / 1000, age: ageOf(target, last, site.now().getTime()) };
  } catch (error) {
    if (!(error instanceof FoundryError)) throw error;
    return { last: first, window: 0, age: ageOf(target, first, began) };
  }
}

async function scrape(site: Site, target: MetricTarget, signal: AbortSignal): Promise<Samples> {
  const { namespace, pod, port, path, waiting } = target;
  const headers = { accept: 'text/plain' };
  const to = { type: 'pod', namespace, name: pod, port } as const;
  const { status, body } = await site.cluster.proxy(to, { method: 'GET', path, headers }, { signal, deadline });
  if (status === 200) return parseMetrics(body);
  const words = apiServerWords(body);
  const message = `${pod}: port ${port}${path} answers ${status}${words === '' ? '' : `: ${words}`}`;
  const hint = waiting !== undefined ? notUp : words === '' ? ownWord : between(target);
  throw new FoundryError('REJECTED', message, hint);
}

const notUp = 'Its pods may not be up yet: get_deployment tells.';

const ownWord = 'The pod itself answers so: its image may not serve metrics there; get_deployment_logs tells more.';

const between = ({ pod, port }: MetricTarget): string =>
  `The API server works and the pod is ready: check what is between it and port ${port} of pod ${pod} (NetworkPolicy, firewall, proxy, service mesh), then the pod's own log: get_deployment_logs tells.`;

/** Seconds that the process has run: its own word, else the container's start. */
function ageOf({ startedAt }: MetricTarget, { values }: Samples, now: number): number | null {
  const own = values.get('process_start_time_seconds');
  const start = own?.series === 1 ? own.sum * 1000 : Date.parse(startedAt ?? '');
  return Number.isNaN(start) ? null : (now - start) / 1000;
}

/** What the proxy says; what the pod says is nobody's word but its own. */
function apiServerWords(body: string): string {
  const status = jsonIn(body);
  return textAt(status, 'kind') === 'Status' ? plainLine(textAt(status, 'message') ?? '', 200) : '';
}
