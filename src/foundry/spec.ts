export {
  deploymentSpec,
  modelId,
  namespaceName,
  phases,
  type RuntimeId,
  runtimeIds,
} from '../providers/spec.ts';
