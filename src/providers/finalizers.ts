import { groupOf, type KubernetesObject } from '../kubernetes.ts';

/** Kubernetes' own, which its garbage collector takes away. */
const ofKubernetes: readonly string[] = ['foregroundDeletion', 'orphan'];

/** The finalizers of an object that neither Kubernetes nor the runtime's operator takes away, but whoever set them. */
export const foreignFinalizers = ({ apiVersion, metadata }: KubernetesObject): readonly string[] =>
  (metadata.finalizers ?? []).filter((name) => !name.includes(groupOf(apiVersion)) && !ofKubernetes.includes(name));
