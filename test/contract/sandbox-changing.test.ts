import { describeChanging } from './changing.ts';
import { sandboxWorld } from './sandbox-world.ts';
import { useWorld } from './world.ts';

describeChanging(useWorld(() => sandboxWorld('both')));
