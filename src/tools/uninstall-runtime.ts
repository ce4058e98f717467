import * as z from 'zod';
import {
  installing,
  mayOnCustomResources,
  readingCrdsAndNodes,
  readingOperators,
  recording,
} from '../foundry/rights.ts';
import { uninstallation } from '../foundry/uninstalling.ts';
import { context, runtime } from './inputs.ts';
import {
  operationOutput,
  operationText,
  operationUnmet,
  planOnly,
  planOperation,
  runOperation,
} from './runtime-operations.ts';
import type { Tool } from './tool.ts';

const input = z.strictObject({
  runtime,
  deleteCrds: z.boolean().optional().describe('also the CRDs'),
  planOnly,
  context,
});

const operation = ({ runtime, deleteCrds = false, planOnly = false }: z.output<typeof input>) =>
  uninstallation({ runtime, deleteCrds, planOnly });

export const uninstallRuntime: Tool<typeof input, typeof operationOutput> = {
  name: 'uninstall_runtime',
  command: 'uninstall',
  title: 'Uninstall a runtime',
  description:
    'Deletes every deployment of a runtime, also those made by others, then its operator. The plan names all that stops. Namespaces stay.',
  effect: 'destroy',
  needs: {
    role: 'install',
    rights: [...readingOperators, ...readingCrdsAndNodes, ...mayOnCustomResources('get list delete'), ...installing],
    optional: recording,
  },
  input,
  output: operationOutput,
  route: { method: 'DELETE', path: '/runtimes/:runtime' },
  plan: (given, tools, signal) => planOperation(given.context, operation(given), tools, signal),
  run: (given, tools, signal) => runOperation(given.context, operation(given), tools, signal),
  text: operationText,
  unmet: operationUnmet,
};
