export {
  type DeploymentSpec,
  deploymentSpec,
  modelId,
  namespaceName,
  phases,
  type RuntimeId,
  roles,
  runtimeIds,
  workerRoles,
} from '../providers/spec.ts';
