export {
  type DeploymentSpec,
  deploymentSpec,
  namespaceName,
  phases,
  type RuntimeId,
  runtimeIds,
} from '../providers/spec.ts';
