import { describe } from 'vitest';
import { describeChanging } from '../contract/changing.ts';
import { describeDeploying } from '../contract/deploying.ts';
import { describeErrors } from '../contract/errors.ts';
import { describeForeignObjects } from '../contract/foreign-objects.ts';
import { describeInstalling } from '../contract/installing.ts';
import { useWorld } from '../contract/world.ts';
import { realWorld } from './real-world.ts';

// What depends on the release of a runtime. The rest asks the same API server the same, and is in contract-current.
describe('on a real API server with the CRDs of old releases', () => {
  const world = useWorld(() => realWorld('old'));

  describeInstalling(world);
  describeForeignObjects(world);
  describeDeploying(world);
  describeChanging(world);
  describeErrors(world);
});
