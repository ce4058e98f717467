import type { Uninstallable } from '../uninstalling.ts';
import { crdNames, detect, isOperator, watchedBy } from './installation.ts';
import { parse } from './parse.ts';
import { chart } from './releases.ts';

export const uninstallable: Uninstallable = {
  runtime: 'kuberay',
  chart,
  crds: crdNames,
  primary: 'RayService',
  creators: ['RayCronJob'],
  detect,
  isOperator,
  watchedBy,
  modelOf: (primary) => parse(primary).model,
};
