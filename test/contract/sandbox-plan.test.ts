import { describeFormerSettings } from './plan/former-settings.ts';
import { describeFreshClusters } from './plan/fresh-clusters.ts';
import { describeOldDeployments } from './plan/old-deployments.ts';
import type { OpenWorld } from './plan/scenario.ts';
import { sandboxWorld } from './sandbox-world.ts';

const open: OpenWorld = (age) => sandboxWorld('empty', age);

describeFreshClusters(open);
describeOldDeployments(open);
describeFormerSettings(open);
