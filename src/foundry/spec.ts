export {
  type DeploymentSpec,
  deploymentSpec,
  namespaceName,
  phases,
  type RuntimeId,
  roles,
  runtimeIds,
  workerRoles,
} from '../providers/spec.ts';
