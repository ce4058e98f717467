import * as z from 'zod';
import { planRemoval, removeDeployment } from '../foundry/removing.ts';
import { lookingUp, mayOnPrimaries, readingVersions, recording } from '../foundry/rights.ts';
import { runtimeIds } from '../foundry/spec.ts';
import { deploymentRef } from './inputs.ts';
import { lines, section } from './text/words.ts';
import type { Tool } from './tool.ts';

const input = z.strictObject({
  ...deploymentRef,
  unmanaged: z.boolean().optional().describe('also one that others made'),
});

const output = z.object({
  context: z.string(),
  name: z.string(),
  namespace: z.string(),
  runtime: z.enum(runtimeIds),
  deleted: z.boolean(),
  gone: z.array(z.string()),
  terminating: z.array(z.string()),
  warnings: z.array(z.string()),
});

export const deleteDeployment: Tool<typeof input, typeof output> = {
  name: 'delete_deployment',
  command: 'delete',
  title: 'Delete a deployment',
  description:
    'Stops a model and deletes its deployment. The user is asked first. Tells what is gone and what still terminates.',
  effect: 'destroy',
  needs: {
    role: 'deploy',
    rights: [...lookingUp, ...mayOnPrimaries('delete')],
    optional: [...readingVersions, ...recording],
  },
  input,
  output,
  route: { method: 'DELETE', path: '/deployments/:name' },
  async plan({ context: where, unmanaged = false, ...ref }, { foundry }, signal) {
    const { plan } = await planRemoval(await foundry.site(where), ref, { unmanaged }, signal);
    return plan;
  },
  async run({ context: where, unmanaged = false, ...ref }, { foundry, caller, approved, progress }, signal) {
    const site = await foundry.site(where);
    const removed = await removeDeployment(site, ref, { unmanaged, caller, approved, progress }, signal);
    const { name, namespace, runtime } = removed.found.deployment;
    return {
      context: site.context,
      name,
      namespace,
      runtime,
      deleted: removed.isGone,
      gone: [...removed.gone],
      terminating: [...removed.terminating],
      warnings: [...removed.warnings],
    };
  },
  text: ({ context: where, name, namespace, runtime, deleted, gone, terminating, warnings }) =>
    lines(
      `context ${where}: ${deleted ? 'deleted' : 'asked to delete'} ${namespace}/${name} (${runtime})`,
      gone.length > 0 && `gone: ${cut(gone)}`,
      terminating.length > 0 && `still terminating: ${cut(terminating)}`,
      section('Warnings', warnings),
    ),
};

const shown = 10;
const cut = (names: readonly string[]): string =>
  names.length <= shown ? names.join(', ') : `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`;
