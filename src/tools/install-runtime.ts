import * as z from 'zod';
import { installation } from '../foundry/installing.ts';
import {
  installing,
  mayOnPrimaries,
  readingCrdsAndNodes,
  readingOperators,
  readingStorageClasses,
  recording,
} from '../foundry/rights.ts';
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
  version: z
    .string()
    .regex(/^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.-]+)?$/, 'three numbers with dots, such as 1.7.0')
    .max(40)
    .optional()
    .describe('default: the newest known; what is installed is not upgraded unasked'),
  planOnly,
  context,
});

const operation = ({ runtime, version, planOnly = false }: z.output<typeof input>) =>
  installation({ runtime, version: version?.replace(/^v/, ''), planOnly });

export const installRuntime: Tool<typeof input, typeof operationOutput> = {
  name: 'install_runtime',
  command: 'install',
  title: 'Install or upgrade a runtime',
  description:
    'Installs a runtime (operator and CRDs) with helm, upgrades it to a version, or finishes what was broken off. Needs cluster-admin rights. Without helm it gives the commands.',
  effect: 'write',
  needs: {
    role: 'install',
    rights: [...readingOperators, ...readingCrdsAndNodes, ...mayOnPrimaries('list'), ...installing],
    optional: [...recording, ...readingStorageClasses],
  },
  asks: true,
  input,
  output: operationOutput,
  route: { method: 'POST', path: '/runtimes/:runtime/install' },
  plan: (given, tools, signal) => planOperation(given.context, operation(given), tools, signal),
  run: (given, tools, signal) => runOperation(given.context, operation(given), tools, signal),
  text: operationText,
  unmet: operationUnmet,
};
