import { groupOf, type KubernetesObject, textsAt } from '../kubernetes.ts';

/** Kubernetes' own, which its garbage collector takes away. */
const ofKubernetes: readonly string[] = ['foregroundDeletion', 'orphan'];

const finalizersOf = (object: KubernetesObject): readonly string[] => textsAt(object, 'metadata', 'finalizers');

/** The finalizers of an object that the runtime's operator takes away. */
export const ownFinalizers = (object: KubernetesObject): readonly string[] =>
  finalizersOf(object).filter((name) => name.includes(groupOf(object.apiVersion)));

/** The finalizers of an object that neither Kubernetes nor the runtime's operator takes away, but whoever set them. */
export const foreignFinalizers = (object: KubernetesObject): readonly string[] =>
  finalizersOf(object).filter((name) => !ownFinalizers(object).includes(name) && !ofKubernetes.includes(name));
