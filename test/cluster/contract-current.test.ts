import { describe } from 'vitest';
import { describeAtOnce } from '../contract/at-once.ts';
import { describeChanging } from '../contract/changing.ts';
import { describeDefinitions } from '../contract/definitions.ts';
import { describeDeploying } from '../contract/deploying.ts';
import { describeDoor } from '../contract/door.ts';
import { describeErrors } from '../contract/errors.ts';
import { describeForeignObjects } from '../contract/foreign-objects.ts';
import { describeInstalling } from '../contract/installing.ts';
import { describeObserving } from '../contract/observing.ts';
import { describePermissions } from '../contract/permissions.ts';
import { describeRequests } from '../contract/requests.ts';
import { describeRestarts } from '../contract/restarts.ts';
import { useWorld } from '../contract/world.ts';
import { realWorld } from './real-world.ts';

describe('on a real API server with the CRDs of current releases', () => {
  const world = useWorld(() => realWorld('current'));

  describeDoor(world);
  describeInstalling(world);
  // kube-controller-manager counts and collects new kinds only half a minute after they came: what needs that goes last.
  describePermissions(world);
  describeRequests(world);
  describeForeignObjects(world);
  describeDeploying(world);
  describeAtOnce(world);
  describeChanging(world);
  describeObserving(world);
  describeErrors(world);
  describeDefinitions(world);
  describeRestarts(world);
});
