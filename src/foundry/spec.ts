export {
  deploymentSpec,
  namespaceName,
  phases,
  type RuntimeId,
  roles,
  runtimeIds,
} from '../providers/spec.ts';
