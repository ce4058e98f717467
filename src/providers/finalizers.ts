import { groupOf, type KubernetesObject, textsAt } from '../kubernetes.ts';

/** Kubernetes' own, which its garbage collector takes away. */
const ofKubernetes: readonly string[] = ['foregroundDeletion', 'orphan'];

/** The finalizers of an object that neither Kubernetes nor the runtime's operator takes away, but whoever set them. */
export const foreignFinalizers = (object: KubernetesObject): readonly string[] =>
  textsAt(object, 'metadata', 'finalizers').filter(
    (name) => !name.includes(groupOf(object.apiVersion)) && !ofKubernetes.includes(name),
  );
