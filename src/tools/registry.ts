import { deleteDeployment } from './delete-deployment.ts';
import { deployModel } from './deploy-model.ts';
import { diagnoseDeployment } from './diagnose-deployment.ts';
import { findModels } from './find-models.ts';
import { getClusterCapacity } from './get-cluster-capacity.ts';
import { getDeployment } from './get-deployment.ts';
import { getDeploymentLogs } from './get-deployment-logs.ts';
import { getDeploymentMetrics } from './get-deployment-metrics.ts';
import { getRuntimesStatus } from './get-runtimes-status.ts';
import { installRuntime } from './install-runtime.ts';
import { listDeployments } from './list-deployments.ts';
import { planDeployment } from './plan-deployment.ts';
import { queryDeployment } from './query-deployment.ts';
import { restartDeployment } from './restart-deployment.ts';
import { scaleDeployment } from './scale-deployment.ts';
import type { Tool } from './tool.ts';
import { uninstallRuntime } from './uninstall-runtime.ts';

export { advertisedInput } from './advertised-input.ts';
export { annotationsOf } from './annotations.ts';

/** Everything that can be done, in the order in which front ends list it. */
export const tools: readonly Tool[] = [
  getRuntimesStatus,
  installRuntime,
  uninstallRuntime,
  getClusterCapacity,
  findModels,
  planDeployment,
  deployModel,
  listDeployments,
  getDeployment,
  diagnoseDeployment,
  getDeploymentLogs,
  getDeploymentMetrics,
  queryDeployment,
  scaleDeployment,
  restartDeployment,
  deleteDeployment,
];
