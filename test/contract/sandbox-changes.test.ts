import { describeAtOnce } from './at-once.ts';
import { describeDefinitions } from './definitions.ts';
import { describeRestarts } from './restarts.ts';
import { sandboxWorld } from './sandbox-world.ts';
import { useWorld } from './world.ts';

const world = useWorld(() => sandboxWorld('both'));

describeAtOnce(world);
describeDefinitions(world);
describeRestarts(world);
