import type { OperatorFact } from './provider.ts';
import type { Place } from './releases.ts';

/** Whoever brings an operator back to what stands elsewhere, by the label or annotation that tells it. Flux leaves real helm releases. */
const gitOps = [
  ['helm.toolkit.fluxcd.io/name', 'Flux'],
  ['kustomize.toolkit.fluxcd.io/name', 'Flux'],
  ['argocd.argoproj.io/instance', 'Argo CD'],
  ['argocd.argoproj.io/tracking-id', 'Argo CD'],
] as const;

/** helm stamps all that it makes, whatever labels the chart renders. */
const stamp = { release: 'meta.helm.sh/release-name', namespace: 'meta.helm.sh/release-namespace' } as const;

/** The annotations of an operator that tell who installed it. */
export const tellingAnnotations: readonly string[] = [...Object.values(stamp), ...gitOps.map(([mark]) => mark)];

/** `Flux (flux-system/kuberay)`; undefined where no GitOps tool left its mark on the operator. */
export function managerOf({ labels, annotations = {} }: OperatorFact): string | undefined {
  const [mark, tool] = gitOps.find(([name]) => (labels[name] ?? annotations[name]) !== undefined) ?? [];
  if (mark === undefined) return undefined;
  const name = labels[mark] ?? annotations[mark];
  // Flux tells the namespace of its object beside the name.
  const namespace = mark.endsWith('/name') ? labels[mark.replace(/name$/, 'namespace')] : undefined;
  return `${tool} (${namespace === undefined ? name : `${namespace}/${name}`})`;
}

/** What Kubernetes and helm take as a name: annotations may hold anything, and these get into commands. */
const isName = (text: string): boolean => /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/.test(text);

/** The release as which helm made the operator; undefined where helm did not. */
export function stampOf({ annotations = {}, namespace: own }: OperatorFact): Place | undefined {
  const { [stamp.release]: release = '', [stamp.namespace]: namespace = own } = annotations;
  return isName(release) && isName(namespace) ? { release, namespace } : undefined;
}
