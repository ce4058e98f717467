import { defaultVersions, type Release } from '../operators.ts';
import { busy } from './busy.ts';
import { legacy } from './legacy.ts';
import { h100, l4, l40s } from './nodes.ts';
import type { Scenario, ScenarioName } from './scenario.ts';

const machines = [h100(0), l40s(0), l4(0)];
const dynamo: Release = {
  runtime: 'dynamo',
  version: defaultVersions.dynamo,
  release: 'dynamo-platform',
  namespace: 'dynamo-system',
};
const kuberay: Release = {
  runtime: 'kuberay',
  version: defaultVersions.kuberay,
  release: 'kuberay-operator',
  namespace: 'kuberay-system',
};
const quiet = (releases: readonly Release[]): Scenario => ({
  machines,
  releases,
  failures: [],
  objects: [],
  later: [],
});

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  empty: quiet([]),
  dynamo: quiet([dynamo]),
  kuberay: quiet([kuberay]),
  both: quiet([dynamo, kuberay]),
  busy,
  legacy,
};
