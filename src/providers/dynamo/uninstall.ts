import type { Uninstallable } from '../uninstalling.ts';
import { crds, detect, isOperator, watchedBy } from './installation.ts';
import { kind } from './manifest.ts';
import { parse } from './parse.ts';
import { chart } from './releases.ts';

export const uninstallable: Uninstallable = {
  runtime: 'dynamo',
  chart,
  crds,
  primary: kind,
  // A request creates deployments, and would create them anew.
  creators: ['DynamoGraphDeploymentRequest'],
  detect,
  isOperator,
  watchedBy,
  modelOf: (primary) => parse(primary).model,
};
