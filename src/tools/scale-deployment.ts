import * as z from 'zod';
import {
  lookingUp,
  mayOnPrimaries,
  readingAllPods,
  readingVersions,
  recording,
  scalingParts,
  surveying,
  waiting,
} from '../foundry/rights.ts';
import { scaling } from '../foundry/scaling.ts';
import { workerRoles } from '../foundry/spec.ts';
import { changeInput, changeOutput, changeText, planToChange, runChange, waitedInVain } from './changed-deployment.ts';
import type { Tool } from './tool.ts';

const { name, ...others } = changeInput;
const input = z.strictObject({
  name,
  replicas: z.int().min(0).max(1000).describe('0 stops it'),
  role: z.enum(workerRoles).optional().describe('needed where prefill and decode are apart'),
  ...others,
});

export const scaleDeployment: Tool<typeof input, typeof changeOutput> = {
  name: 'scale_deployment',
  command: 'scale',
  title: 'Scale a deployment',
  description: 'Sets the number of model replicas, and takes effect at once. Tells what may not fit.',
  effect: 'write',
  needs: {
    role: 'deploy',
    rights: [...lookingUp, ...mayOnPrimaries('patch'), ...scalingParts],
    optional: [...readingVersions, ...surveying, ...readingAllPods, ...waiting, ...recording],
  },
  input,
  output: changeOutput,
  route: { method: 'PATCH', path: '/deployments/:name/replicas' },
  plan: ({ replicas, role, ...given }, tools, signal) =>
    planToChange(given, scaling({ replicas, role }), tools, signal),
  run: ({ replicas, role, ...given }, tools, signal) => runChange(given, scaling({ replicas, role }), tools, signal),
  unmet: waitedInVain,
  text: changeText('scaled'),
};
