import * as z from 'zod';
import { stepOutcome } from '../foundry/carrying-out.ts';
import { installRuntime as install, installationToApprove, installOutcome } from '../foundry/installing.ts';
import { runtimeStatus } from '../foundry/runtimes.ts';
import { context, runtime } from './inputs.ts';
import { lines, section } from './text/words.ts';
import type { Tool } from './tool.ts';

const input = z.strictObject({
  runtime,
  version: z
    .string()
    .regex(/^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.-]+)?$/)
    .max(40)
    .optional()
    .describe('default: the newest known to work'),
  planOnly: z.boolean().optional().describe('show the plan, change nothing'),
  context,
});

const output = z.object({
  context: z.string(),
  outcome: installOutcome.describe('manual: nobody here can carry it out; the commands are for you'),
  summary: z.string(),
  steps: z.array(stepOutcome),
  warnings: z.array(z.string()),
  reason: z.string().optional(),
  status: runtimeStatus,
});

const request = ({ runtime, version, planOnly = false }: z.output<typeof input>) => ({
  runtime,
  version: version?.replace(/^v/, ''),
  planOnly,
});

export const installRuntime: Tool<typeof input, typeof output> = {
  name: 'install_runtime',
  command: 'install',
  title: 'Install or upgrade a runtime',
  description:
    'Installs a runtime (operator and CRDs) with helm, or upgrades it to a version. Needs cluster-admin rights. Without helm it gives the commands.',
  effect: 'write',
  asks: true,
  input,
  output,
  route: { method: 'POST', path: '/runtimes/:runtime/install' },
  async plan(given, { foundry }, signal) {
    return installationToApprove(await foundry.site(given.context), request(given), signal);
  },
  async run(given, { foundry, approved, progress }, signal) {
    const site = await foundry.site(given.context);
    const { outcome, plan, steps, reason, status } = await install(
      site,
      request(given),
      { approved, progress },
      signal,
    );
    const { summary, warnings } = plan;
    return {
      context: site.context,
      outcome,
      summary,
      steps: [...steps],
      warnings: [...warnings],
      ...(reason !== undefined && { reason }),
      status,
    };
  },
  text: ({ context: name, outcome, summary, steps, warnings, reason, status }) =>
    lines(
      `context ${name}: ${outcome}. ${summary}`,
      reason,
      ...steps.map(({ title, command, status: done }, index) =>
        done === 'done'
          ? `${index + 1}. ${title}: done`
          : `${index + 1}. ${title}${command === '' ? '' : `: ${command}`}`,
      ),
      section('Warnings', warnings),
      `${status.id} is ${status.state}${status.version === undefined ? '' : `, version ${status.version}`}.`,
    ),
};
