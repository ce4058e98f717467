import * as z from 'zod';
import { difference } from '../foundry/differences.ts';
import { fit } from '../foundry/fit/fit.ts';
import { planDeployment as plan } from '../foundry/planning.ts';
import { planning, surveying } from '../foundry/rights.ts';
import { deploymentSpec, roles, runtimeIds } from '../foundry/spec.ts';
import { plainLine } from '../foundry/untrusted-text.ts';
import { written } from '../foundry/written-number.ts';
import { context } from './inputs.ts';
import { differenceLines } from './text/differences.ts';
import { lines, section } from './text/words.ts';
import type { Tool } from './tool.ts';

const input = deploymentSpec.extend({ replace: z.boolean().optional(), context });

const output = z.object({
  context: z.string(),
  name: z.string(),
  namespace: z.string(),
  runtime: z.enum(runtimeIds),
  change: z.enum(['create', 'update', 'unchanged', 'refused']),
  problems: z.array(
    z.object({
      code: z.string(),
      message: z.string(),
      hint: z.string(),
      path: z.string().optional(),
      allowed: z.array(z.string()).optional(),
    }),
  ),
  warnings: z.array(z.string()),
  fit: fit.nullable(),
  dryRun: z.object({ accepted: z.boolean().nullable(), message: z.string() }),
  diff: z.array(difference),
  restarts: z.array(z.enum(roles)).describe('roles whose pods are replaced'),
  steps: z.array(z.object({ title: z.string(), command: z.string() })),
  manifests: z.string().describe('YAML'),
});

/** More fields than this are counted, not shown. */
const shownDifferences = 20;

export const planDeployment: Tool<typeof input, typeof output> = {
  name: 'plan_deployment',
  command: 'plan',
  title: 'Plan a deployment',
  description:
    'Tries a deploy_model call without changing anything: problems, warnings, GPU fit, what the API server says, differences to what exists, manifests.',
  effect: 'read',
  needs: { role: 'deploy', rights: planning, optional: surveying },
  input,
  output,
  route: { method: 'POST', path: '/deployments/plan' },
  async run({ context: where, replace = false, ...spec }, { foundry }, signal) {
    const site = await foundry.site(where);
    const planned = await plan(site, spec, { replace, fresh: true }, signal);
    const { name, namespace, runtime } = planned.spec;
    return {
      context: site.context,
      name,
      namespace,
      runtime,
      change: planned.change,
      problems: planned.refusals.flatMap(({ code, message, hint, details }) => {
        const { problems } = details;
        return Array.isArray(problems) ? problems : [{ code, message, hint }];
      }),
      warnings: [...planned.warnings],
      fit: planned.fit,
      dryRun: { ...planned.dryRun },
      diff: [...planned.differences],
      restarts: [...planned.restarts],
      steps: planned.plan.steps.map(({ title, command }) => ({ title, command })),
      manifests: planned.manifests,
    };
  },
  unmet: ({ change }) => change === 'refused',
  text: (planned) =>
    lines(
      `context ${planned.context}: ${planned.namespace}/${planned.name} on ${planned.runtime}: ${planned.change}`,
      ...planned.problems.map(({ code, message, hint }) => `! ${code}: ${message} Hint: ${hint}`),
      section('Warnings', planned.warnings),
      planned.fit ? fitWords(planned.fit) : 'GPUs of the nodes: unknown',
      `server dry-run: ${planned.dryRun.message}`,
      differenceLines(planned, shownDifferences),
      section(
        'Steps',
        planned.steps.map(({ title }) => title),
      ),
      planned.manifests,
    ),
};

function fitWords(found: z.output<typeof fit>): string {
  const { gpus, gpusPerReplica, cluster, free, largestFree, why, need, on } = found;
  const kinds = on.map(
    ({ gpu, freeRooms }) => `${plainLine(gpu ?? 'GPUs of unknown kind', 63)} (${written(freeRooms)} free)`,
  );
  return lines(
    `GPUs: asks for ${gpus} (${gpusPerReplica} per replica); usable nodes have ${cluster}, ${written(free)} free, at most ${written(largestFree)} on one: ${why}`,
    need !== null &&
      `each GPU holds ${need.total} GiB: weights ${need.weights}, KV cache ${need.kvCache} for ${written(need.tokens)} tokens, overhead ${need.overhead}`,
    kinds.length > 0 &&
      `${need === null ? 'enough GPUs, of memory that was not checked' : 'room for replicas'} on: ${kinds.join(', ')}`,
    section('Instead, this fits now', found.alternatives),
  );
}
