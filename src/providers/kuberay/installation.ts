import { begunWith } from '../installation-checks.ts';
import type { CrdFact, Facts, Installation, OperatorFact, Unread } from '../provider.ts';

/** The CRDs of the chart, the primary's first. RayCronJob came with 1.6. */
export const crdNames = ['rayservices.ray.io', 'rayclusters.ray.io', 'rayjobs.ray.io', 'raycronjobs.ray.io'] as const;

const rayServices = crdNames[0];

/** Versions of the API that we know. v1alpha1 is older than RayServices that Ray Serve LLM can use; whatever was made in it reads as v1. */
export const versions = ['v1'] as const;

/** `quay.io/kuberay/operator`, `bitnami/kuberay-operator`, `…/odh-kuberay-operator-controller-rhel9`; not `kuberay/apiserver`. */
const operatorImage = /(?:^|\/)kuberay\/operator(?:[:@]|$)|kuberay-operator[^/]*$/;

/** Helm and kustomize set labels, OLM an owner; bundles only use the image. */
export function isOperator(candidate: OperatorFact): boolean {
  const { labels } = candidate;
  return (
    labels['app.kubernetes.io/name'] === 'kuberay-operator' ||
    (labels['app.kubernetes.io/name'] === 'kuberay' && labels['app.kubernetes.io/component'] === 'kuberay-operator') ||
    labels['olm.owner']?.startsWith('kuberay-operator.') === true ||
    candidate.images.some((image) => operatorImage.test(image))
  );
}

const versionIn = (text: string | undefined): string | undefined =>
  /^v?(\d+\.\d+\.\d+(?:-rc\.?\d+)?)/.exec(text ?? '')?.[1];

/** The operator's version: its chart's label, OLM's owner, then the tag of its image. */
function versionOf(operator: OperatorFact): string | undefined {
  const { labels } = operator;
  const chart = /^kuberay-operator-(.+)$/.exec(labels['helm.sh/chart'] ?? '')?.[1];
  const owner = /^kuberay-operator\.(.+)$/.exec(labels['olm.owner'] ?? '')?.[1];
  const image = operator.images.find((candidate) => operatorImage.test(candidate));
  const tag = /:([^:/@]+)(?:@.*)?$/.exec(image ?? '')?.[1];
  return versionIn(chart) ?? versionIn(owner) ?? versionIn(tag);
}

const rayServiceCrd = (facts: Facts): CrdFact | undefined => facts.crds.find((crd) => crd.name === rayServices);

/** Names of the fields under `spec` of a RayService v1, or undefined where the CRD tells none. */
export const rayServiceFields = (facts: Facts): readonly string[] | undefined => rayServiceCrd(facts)?.specFields?.v1;

/** A word on CRDs that helm left behind: `spec.suspend` came with 1.7, `spec.managedBy` with 1.6. */
function skew(version: string | undefined, fields: readonly string[] | undefined): string | undefined {
  if (version === undefined || fields === undefined) return undefined;
  const minor = Number(version.split('.')[1]);
  const [behind, since] =
    minor >= 7 && !fields.includes('suspend')
      ? ['suspend', '1.7']
      : minor >= 6 && !fields.includes('managedBy')
        ? ['managedBy', '1.6']
        : [];
  return behind === undefined
    ? undefined
    : `its CRDs are older than the operator (no spec.${behind}, which came with ${since}): helm leaves CRDs behind, an upgrade applies them`;
}

/** Whether helm left CRDs behind that are older than the operator. */
export function areCrdsBehind(facts: Facts): boolean {
  const operator = operatorOf(facts);
  return operator !== undefined && skew(versionOf(operator), rayServiceFields(facts)) !== undefined;
}

/** The operator to speak of when there are several: the one that works, then the one that stays. */
export function operatorOf(facts: Facts): OperatorFact | undefined {
  const rank = (operator: OperatorFact): number => Math.min(operator.available, 1) * 2 + (operator.deleting ? 0 : 1);
  return facts.operators.filter(isOperator).toSorted((one, other) => rank(other) - rank(one))[0];
}

/** `--watch-namespace=a,b` or `--watch-namespace a,b`; undefined = all namespaces. */
function watchesOf({ args }: OperatorFact): readonly string[] | undefined {
  const index = args.findIndex((argument) => /^--?watch-namespace(?:=|$)/.test(argument));
  const given = args[index]?.includes('=') ? args[index].slice(args[index].indexOf('=') + 1) : args[index + 1];
  const names = index < 0 ? [] : (given ?? '').split(',').map((name) => name.trim());
  const named = names.filter((name) => name !== '');
  return named.length > 0 ? named : undefined;
}

const unreadOf = (facts: Facts, what: Unread['what']): Unread | undefined =>
  facts.unread.find((unread) => unread.what === what);

const isUp = (operator: OperatorFact): boolean => operator.available > 0 && !operator.deleting;

function sentence(facts: Facts, operator: OperatorFact, version: string | undefined): string {
  const named = `The operator ${operator.namespace}/${operator.name}${version === undefined ? '' : ` (${version})`}`;
  const state = operator.deleting
    ? 'is being deleted'
    : isUp(operator)
      ? 'is available'
      : `is not available (${operator.ready} of ${operator.desired} ready${operator.message === undefined ? '' : `: ${operator.message}`})`;
  const others = facts.operators.filter(isOperator).length - 1;
  const words = [
    skew(version, rayServiceFields(facts)),
    others > 0 ? `${others} more Deployments look like its operator` : undefined,
    watchesOf(operator) === undefined ? undefined : `it watches only ${watchesOf(operator)?.join(', ')}`,
  ].filter((word) => word !== undefined);
  return `${[`${named} ${state}`, ...words].join('; ')}.`;
}

type Verdict = Pick<Installation, 'state' | 'installed' | 'healthy' | 'message'>;

const nothing = { installed: false, healthy: false } as const;
const unknown = { state: 'unknown', installed: null, healthy: null } as const;

function verdictOf(facts: Facts, isServed: boolean, operator: OperatorFact | undefined): Verdict {
  const noCrds = unreadOf(facts, 'crds');
  const noOperators = unreadOf(facts, 'operators');
  if (!isServed && noCrds !== undefined) return { ...unknown, message: noCrds.message };
  if (operator === undefined) {
    const begun = begunWith(facts, crdNames);
    if (begun === undefined) return { state: 'not_installed', ...nothing, message: 'KubeRay is not installed.' };
    if (rayServiceCrd(facts) === undefined) return { state: 'partial', ...nothing, message: begun };
    if (isServed && noOperators !== undefined)
      return {
        ...unknown,
        message: `The CRD ${rayServices} is there; whether its operator runs could not be read: ${noOperators.message}`,
      };
    return {
      state: 'partial',
      ...nothing,
      message: `The CRD ${rayServices} is there, but no KubeRay operator: nothing acts on RayServices.`,
    };
  }
  const message = sentence(facts, operator, versionOf(operator));
  if (!isServed) {
    const missing = rayServiceCrd(facts) === undefined ? 'is missing' : `serves no version ${versions.join(', ')}`;
    return { state: 'partial', ...nothing, message: `${message} The CRD ${rayServices} ${missing}.` };
  }
  if (rayServiceCrd(facts)?.established === false)
    return {
      state: 'unhealthy',
      installed: true,
      healthy: false,
      message: `${message} The CRD ${rayServices} is not established yet.`,
    };
  const up = isUp(operator);
  return { state: up ? 'ready' : 'unhealthy', installed: true, healthy: up, message };
}

/** Says what is installed: the CRD first, then the operator, in whatever namespace it runs and whoever installed it. */
export function detect(facts: Facts): Installation {
  const served = versions.filter((version) => rayServiceCrd(facts)?.served.includes(version));
  const [best] = served;
  const operator = operatorOf(facts);
  const version = operator && versionOf(operator);
  const watches = operator && watchesOf(operator);
  return {
    ...verdictOf(facts, best !== undefined, operator),
    apiVersions: served,
    ...(version !== undefined && { version }),
    ...(best !== undefined && { readVersion: `ray.io/${best}`, writeVersion: `ray.io/${best}` }),
    ...(watches !== undefined && { watches }),
    ...(operator !== undefined && {
      operator: {
        namespace: operator.namespace,
        name: operator.name,
        ready: operator.ready,
        desired: operator.desired,
        image: operator.images.find((image) => operatorImage.test(image)) ?? operator.images[0] ?? '',
      },
    }),
  };
}
