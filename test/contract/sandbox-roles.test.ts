import { describeRoles } from './roles.ts';
import { sandboxWorld } from './sandbox-world.ts';
import { useWorld } from './world.ts';

describeRoles(
  useWorld(() => sandboxWorld('both')),
  { proxies: true },
);
