import { describe } from 'vitest';
import { describeChanging } from '../contract/changing.ts';
import { describeDefinitions } from '../contract/definitions.ts';
import { describeDeploying } from '../contract/deploying.ts';
import { describeDoor } from '../contract/door.ts';
import { describeErrors } from '../contract/errors.ts';
import { describeForeignObjects } from '../contract/foreign-objects.ts';
import { describeInstalling } from '../contract/installing.ts';
import { describePermissions } from '../contract/permissions.ts';
import { describeRequests } from '../contract/requests.ts';
import { describeRestarts } from '../contract/restarts.ts';
import { describeRoles } from '../contract/roles.ts';
import { useWorld } from '../contract/world.ts';
import { realWorld } from './real-world.ts';

const releases = [
  {
    dynamo: { version: '1.1.1', apiVersion: 'nvidia.com/v1alpha1', crds: 'dynamo-2026-04' },
    kuberay: { version: '1.6.2', apiVersion: 'ray.io/v1', crds: 'kuberay-1.6.2' },
  },
  {
    dynamo: { version: '1.5.1', apiVersion: 'nvidia.com/v1beta1', crds: 'dynamo-2026-08' },
    kuberay: { version: '1.7.0', apiVersion: 'ray.io/v1', crds: 'kuberay-1.7.0' },
  },
];

describe.each(releases)('on a real API server with $dynamo.crds and $kuberay.crds', ({ dynamo, kuberay }) => {
  const world = useWorld(() => realWorld({ dynamo, kuberay }, { dynamo: dynamo.crds, kuberay: kuberay.crds }));

  describeDoor(world);
  describeInstalling(world);
  // kube-controller-manager counts and collects new kinds only half a minute after they came: what needs that goes last.
  describePermissions(world);
  describeRoles(world);
  describeRequests(world);
  describeForeignObjects(world);
  describeDeploying(world);
  describeChanging(world);
  describeErrors(world);
  describeDefinitions(world);
  describeRestarts(world);
});
