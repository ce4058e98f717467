import { describe } from 'vitest';
import { describeChanging } from '../contract/changing.ts';
import { describeDeploying } from '../contract/deploying.ts';
import { describeErrors } from '../contract/errors.ts';
import { describeForeignObjects } from '../contract/foreign-objects.ts';
import { describeInstalling } from '../contract/installing.ts';
import { describeRoles } from '../contract/roles.ts';
import { useWorld } from '../contract/world.ts';
import { realWorld } from './real-world.ts';

// What depends on the release of a runtime, and the roles. The rest asks the same API server the same, and is in
// contract-current; the roles are here, so that both end at about the same time.
describe('on a real API server with the CRDs of old releases', () => {
  const world = useWorld(() => realWorld('old'));

  describeInstalling(world);
  describeRoles(world, { proxies: false });
  describeForeignObjects(world);
  describeDeploying(world);
  describeChanging(world);
  describeErrors(world);
});
