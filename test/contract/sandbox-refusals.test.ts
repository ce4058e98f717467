import { describeErrors } from './errors.ts';
import { describePermissions } from './permissions.ts';
import { describeRequests } from './requests.ts';
import { sandboxWorld } from './sandbox-world.ts';
import { useWorld } from './world.ts';

const world = useWorld(() => sandboxWorld('both'));

describePermissions(world);
describeErrors(world);
describeRequests(world);
