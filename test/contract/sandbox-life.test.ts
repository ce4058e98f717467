import { describeDeploying } from './deploying.ts';
import { describeDoor } from './door.ts';
import { describeForeignObjects } from './foreign-objects.ts';
import { describeInstalling } from './installing.ts';
import { sandboxWorld } from './sandbox-world.ts';
import { useWorld } from './world.ts';

const world = useWorld(() => sandboxWorld('empty'));

describeDoor(world);
describeInstalling(world);
describeDeploying(world);
describeForeignObjects(world);
