import { describeChanging } from './changing.ts';
import { describeObserving } from './observing.ts';
import { sandboxWorld } from './sandbox-world.ts';
import { useWorld } from './world.ts';

const world = useWorld(() => sandboxWorld('both'));

describeChanging(world);
describeObserving(world);
