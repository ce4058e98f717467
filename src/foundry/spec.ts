export {
  type DeploymentSpec,
  deploymentSpec,
  engines,
  modelId,
  modes,
  namespaceName,
  phases,
  type RuntimeId,
  roles,
  runtimeIds,
  workerRoles,
} from '../providers/spec.ts';
