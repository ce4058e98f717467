import { describeFormerSettings } from '../contract/plan/former-settings.ts';
import { describeFreshClusters } from '../contract/plan/fresh-clusters.ts';
import { describeOldDeployments } from '../contract/plan/old-deployments.ts';
import { realWorld } from './real-world.ts';

describeFreshClusters(realWorld);
describeOldDeployments(realWorld);
describeFormerSettings(realWorld);
