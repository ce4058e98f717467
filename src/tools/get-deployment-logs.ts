import * as z from 'zod';
import { deploymentLogs, readLogs } from '../foundry/logs.ts';
import { lookingUp, may, readingVersions } from '../foundry/rights.ts';
import { roles } from '../foundry/spec.ts';
import { dataFrom, quoted } from '../foundry/untrusted-text.ts';
import { deploymentRef, objectName } from './inputs.ts';
import { deploymentLine, whyLine } from './text/deployments.ts';
import { logBlocks } from './text/log-blocks.ts';
import { podProblemLines } from './text/pods.ts';
import { count, lines, problemLines } from './text/words.ts';
import type { Tool } from './tool.ts';

const input = z.strictObject({
  ...deploymentRef,
  role: z.enum(roles).optional(),
  pod: objectName.optional().describe('its name, or short as answers have it'),
  previous: z.boolean().optional().describe('of the run before the last restart'),
  since: z
    .string()
    .regex(/^[1-9]\d{0,5}[smhd]$/, 'a number with s, m, h or d behind it, such as 15m')
    .optional()
    .describe('such as 10m, 2h'),
  tail: z.int().min(1).max(1000).optional().describe('default 100'),
  match: z.string().min(1).max(200).optional().describe('only lines with this text; any case'),
});

const output = deploymentLogs.extend({ context: z.string() });

const seconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Seconds of `10m`, `2h`. */
export function secondsOf(duration: string): number {
  const unit = (['s', 'm', 'h', 'd'] as const).find((one) => duration.endsWith(one)) ?? 's';
  return Number.parseInt(duration, 10) * seconds[unit];
}

export const getDeploymentLogs: Tool<typeof input, typeof output> = {
  name: 'get_deployment_logs',
  command: 'logs',
  title: 'Logs of a deployment',
  description: 'The last log lines of all pods of a deployment, merged in order of time.',
  effect: 'read',
  needs: { role: 'observe', rights: [...lookingUp, ...may('get', '', 'pods/log')], optional: readingVersions },
  input,
  output,
  route: { method: 'GET', path: '/deployments/:name/logs' },
  async run({ context: where, role, pod, previous = false, since, tail = 100, match, ...ref }, { foundry }, signal) {
    const site = await foundry.site(where);
    const sinceSeconds = since === undefined ? undefined : secondsOf(since);
    const logs = await readLogs(site, ref, { role, pod, previous, sinceSeconds, tail, match }, signal);
    return { context: site.context, ...logs };
  },
  text: (logs, wide) => {
    const { context, deployment, lines: shown, silent, unreadPods } = logs;
    const several = logs.sources.length > 1;
    const blocks = logBlocks(logs);
    return lines(
      `context ${context}: ${deploymentLine(deployment)}`,
      `${countLine(logs)}${blocks.folded && !wide ? '; what pods wrote alike stands once' : ''}`,
      several && sourceLine(logs, wide),
      ...(shown.length === 0
        ? []
        : [
            dataFrom(several ? 'Log lines' : `Log of ${logs.sources[0]?.pod}`),
            ...(wide ? shown.map(({ source, text }) => quoted(several ? `${source} ${text}` : text)) : blocks.lines),
          ]),
      podProblemLines(silent),
      unreadPods > 0 && `${count(unreadPods, 'more pod')} not read: name a role or a pod.`,
      problemLines(logs.problems),
      deployment.phase !== 'Running' && whyLine(deployment),
    );
  },
};

function countLine({ lines: shown, found, complete, sources }: z.output<typeof output>): string {
  if (sources.length === 0) return 'no container has a log to show';
  if (found === 0) return 'no line fits; leave out since or match to see all';
  const all = `${complete ? '' : 'more than '}${count(found, 'line')}`;
  if (shown.length === found) return complete ? `all ${all}` : `showing last ${found} of ${all}`;
  return `showing last ${shown.length} of ${all}; narrow with since, match, role or pod, or raise tail`;
}

/** Which pod stands behind each short name, where there are several. */
const sourceLine = ({ sources }: z.output<typeof output>, wide: boolean): string =>
  sources
    .map(({ source, pod, restarts }, index) => {
      const name = wide ? pod : after(sources[index - 1]?.pod, pod);
      return `${source} = ${name}${restarts > 0 ? ` (${count(restarts, 'restart')})` : ''}`;
    })
    .join(', ');

/** A name that begins as the one before it, up to its last part: only that part. */
function after(before: string | undefined, name: string): string {
  const end = name.lastIndexOf('-') + 1;
  return end > 0 && before?.lastIndexOf('-') === end - 1 && before.startsWith(name.slice(0, end))
    ? `…${name.slice(end)}`
    : name;
}
