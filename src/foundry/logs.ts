import * as z from 'zod';
import type { LogTarget } from '../providers/observation.ts';
import { roles } from '../providers/spec.ts';
import { deployment } from './deployment.ts';
import { holds, inOrderOfTime, type StampedLine, shownLine, stampedLines } from './log-lines.ts';
import { type LogSelection, type NamedTarget, selectLogs } from './log-selection.ts';
import { type DeploymentRef, findDeployment } from './lookup.ts';
import { askEach, podProblem, podProblemOf } from './pod-problems.ts';
import { problem } from './problems.ts';
import { redactText } from './redaction.ts';
import type { Site } from './site.ts';
import { estimatedTokens } from './token-estimate.ts';
import { quoteBar } from './untrusted-text.ts';

export interface LogRequest extends LogSelection {
  /** Of the runs before the last restart. */
  readonly previous: boolean;
  readonly sinceSeconds?: number;
  /** Lines to show, of all containers together. */
  readonly tail: number;
  readonly match?: string;
}

export const deploymentLogs = z.object({
  deployment,
  lines: z.array(z.object({ source: z.string(), time: z.string(), text: z.string() })),
  sources: z.array(
    z.object({
      source: z.string(),
      pod: z.string(),
      role: z.enum(roles).nullable(),
      container: z.string(),
      restarts: z.int(),
    }),
  ),
  found: z.int().describe('lines read that fit since and match'),
  complete: z.boolean().describe('false: there are older lines that were not read'),
  silent: z.array(podProblem).describe('pods that have no log, and why'),
  unreadPods: z.int().describe('pods beyond those that are read at once'),
  problems: z.array(problem),
});

export type DeploymentLogs = z.output<typeof deploymentLogs>;

/** What is read of one container. A search looks further back. */
const reading = { lines: 2_000, bytes: 1024 * 1024 } as const;
const searching = { lines: 20_000, bytes: 4 * 1024 * 1024 } as const;
const mostPods = 20;
/** Tokens of all lines together. */
const longestAnswer = 3_200;

/** The last lines of a deployment's containers, in order of time and ready to be shown. */
export async function readLogs(
  site: Site,
  ref: DeploymentRef,
  request: LogRequest,
  signal: AbortSignal,
): Promise<DeploymentLogs> {
  const found = await findDeployment(site, ref, signal);
  const targets = selectLogs(found, request);
  const hasLog = (target: LogTarget) => (request.previous ? target.restarts > 0 : !target.unstarted);
  // Those that are not ready first: they are what one looks for.
  const readable = targets.filter(hasLog).sort((a, b) => Number(!a.waiting) - Number(!b.waiting));
  // That one pod was never restarted does not matter where another one was.
  const silent = request.previous && readable.length > 0 ? [] : targets.filter((target) => !hasLog(target));
  const chosen = readable.slice(0, mostPods);
  const { answers, problems } = await askEach(chosen, (target) => readLog(site, target, request, signal));
  const fitting = inOrderOfTime(answers.map(({ lines }) => lines));
  const shown = newestThatFit(fitting.slice(-request.tail));
  return {
    deployment: found.deployment,
    lines: shown.map(({ source, stamp, text }) => ({ source, time: stamp, text })),
    sources: chosen.map(({ source, pod, role, container, restarts }) => ({ source, pod, role, container, restarts })),
    found: fitting.length,
    complete: answers.every(({ complete }) => complete),
    silent: [...silent.map((target) => silence(target, request)), ...problems],
    unreadPods: readable.length - chosen.length,
    problems: [...found.problems],
  };
}

interface SourcedLine extends StampedLine {
  readonly source: string;
}

async function readLog(
  site: Site,
  { namespace, pod, container, source }: NamedTarget,
  { previous, sinceSeconds, tail, match }: LogRequest,
  signal: AbortSignal,
): Promise<{ readonly lines: readonly SourcedLine[]; readonly complete: boolean }> {
  const most = match === undefined ? reading : searching;
  let wanted: number = Math.max(tail, most.lines);
  for (;;) {
    const options = { tail: wanted, sinceSeconds, previous, timestamps: true, limitBytes: most.bytes, signal };
    const log = await site.cluster.logs({ namespace, pod, container }, options);
    // As a whole: a key stands on many lines.
    const lines = stampedLines(redactText(log));
    // The server sends the first bytes of these lines: where they are too many, the newest ones are missing.
    if (Buffer.byteLength(log) >= most.bytes && wanted > 1) {
      wanted = Math.max(1, Math.floor(Math.min(lines.length, wanted) / 2));
      continue;
    }
    const fitting = lines.filter(({ text }) => holds(text, match)).slice(-Math.max(tail, most.lines));
    return {
      lines: fitting.map((line) => ({ ...line, source, text: shownLine(line.text) })),
      complete: lines.length < wanted,
    };
  }
}

/** The newest lines that cost no more than an answer may. */
function newestThatFit(lines: readonly SourcedLine[]): readonly SourcedLine[] {
  let tokens = 0;
  let first = lines.length;
  while (first > 0) {
    const line = lines[first - 1];
    tokens += estimatedTokens(`${quoteBar}${line?.source} ${line?.text}\n`);
    if (tokens > longestAnswer) break;
    first -= 1;
  }
  return lines.slice(first);
}

function silence(target: LogTarget, { previous }: LogRequest) {
  if (previous) return podProblemOf(target, 'NoPreviousRun', `container ${target.container} has not been restarted`);
  const { reason, message } = target.waiting ?? { reason: 'NotStarted', message: 'its container has not started' };
  return podProblemOf(target, reason, message);
}
