import * as z from 'zod';
import { restarting } from '../foundry/restarting.ts';
import { lookingUp, mayOnPrimaries, readingVersions, recording, surveying, waiting } from '../foundry/rights.ts';
import { changeInput, changeOutput, changeText, planToChange, runChange, waitedInVain } from './changed-deployment.ts';
import type { Tool } from './tool.ts';

const input = z.strictObject(changeInput);

export const restartDeployment: Tool<typeof input, typeof changeOutput> = {
  name: 'restart_deployment',
  command: 'restart',
  title: 'Restart a deployment',
  description: 'Replaces every pod of a deployment, with the old ones serving meanwhile. Changes nothing of its spec.',
  effect: 'write',
  repeats: true,
  needs: {
    role: 'deploy',
    rights: [...lookingUp, ...mayOnPrimaries('patch')],
    optional: [...readingVersions, ...surveying, ...waiting, ...recording],
  },
  input,
  output: changeOutput,
  route: { method: 'POST', path: '/deployments/:name/restart' },
  plan: (given, tools, signal) => planToChange(given, restarting, tools, signal),
  run: (given, tools, signal) => runChange(given, restarting, tools, signal),
  unmet: waitedInVain,
  text: changeText('restarting'),
};
