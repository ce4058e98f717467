import { FoundryError } from '../errors.ts';
import { conditionOf, groupOf, type KubernetesObject, numberAt, type ObjectReference } from '../kubernetes.ts';
import { foreignFinalizers } from '../providers/finalizers.ts';
import { letGo } from '../providers/installation-steps.ts';
import { heldBecause } from '../providers/letting-go.ts';
import { providers } from '../providers/registry.ts';
import { podWords } from './pod-words.ts';
import type { Site } from './site.ts';
import { plainLine } from './untrusted-text.ts';
import { pollUntil } from './waiting.ts';

/** Milliseconds that one waiting step may take. */
const longest = 10 * 60_000;
const every = 1_000;
/** Milliseconds after which it is asked whether waiting for an object's end has a point. */
const doubtAfter = 5_000;
/** Milliseconds after which nobody is expected any more to take away a finalizer that is not the operator's. */
const patience = 60_000;

export interface AwaitOptions {
  readonly say: (message: string) => void;
  readonly signal: AbortSignal;
}

const definitions = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };

/** @throws FoundryError TIMEOUT */
export async function awaitCrds(site: Site, names: readonly string[], { signal }: AwaitOptions): Promise<void> {
  for (const name of names) {
    await until(`the CRD ${name} is not established`, signal, async () => {
      const crd = await site.cluster.get(definitions, { name }, { signal });
      return crd !== undefined && conditionOf(crd, 'Established')?.status === 'True';
    });
  }
}

/** Until they are neither there nor in discovery, which learns of it some moments later. @throws FoundryError TIMEOUT */
export async function awaitNoCrds(site: Site, names: readonly string[], { say, signal }: AwaitOptions): Promise<void> {
  for (const name of names) {
    let words = '';
    const isGone = async () => {
      const crd = await site.cluster.get(definitions, { name }, { signal });
      const now = plainLine((crd && conditionOf(crd, 'Terminating')?.message) ?? '');
      if (now !== '' && now !== words) say(`${name}: ${now}`);
      words = now;
      return crd === undefined;
    };
    await until(
      `the CRD ${name} is still being deleted, with the objects of its kind`,
      signal,
      isGone,
      () => `${words} Where objects of its kind are left: kubectl get ${name} --all-namespaces`,
    );
  }
  const isForgotten = async () => {
    const served = await site.cluster.resources({ signal, fresh: true });
    return !served.some(({ plural, group }) => names.includes(`${plural}.${group}`));
  };
  await until('the API server still lists kinds whose CRDs are deleted', signal, isForgotten);
}

/** @throws FoundryError TIMEOUT with what the pods say */
export async function awaitOperator(
  site: Site,
  at: { readonly namespace: string; readonly name: string },
  { say, signal }: AwaitOptions,
): Promise<void> {
  let words = '';
  const isUp = async () => {
    const operator = await site.cluster.get({ group: 'apps', kind: 'Deployment' }, at, { signal });
    if (operator && isAvailable(operator)) return true;
    const now = operator ? await podWords(site, at.namespace, signal) : 'it does not exist';
    if (now !== '' && now !== words) say(now);
    words = now;
    return false;
  };
  await until(`the operator ${at.namespace}/${at.name} is not available`, signal, isUp, () => words);
}

/** As it is meant now: a pod of an older template is not what is waited for. */
function isAvailable(operator: KubernetesObject): boolean {
  const count = (field: string) => numberAt(operator, 'status', field) ?? 0;
  const isSeen = count('observedGeneration') >= (operator.metadata.generation ?? 0);
  return isSeen && count('updatedReplicas') >= count('replicas') && count('availableReplicas') > 0;
}

/**
 * Waits for the end of an object, as long as somebody works on it.
 *
 * @throws FoundryError RUNTIME_UNHEALTHY naming the finalizer that nobody will remove, and how to; TIMEOUT, early where
 * a finalizer that is not the operator's holds it
 */
export async function awaitEnd(site: Site, target: ObjectReference, { say, signal }: AwaitOptions): Promise<void> {
  const begun = performance.now();
  let doubts = 1;
  let left: KubernetesObject | undefined;
  const what = `${target.kind} ${target.namespace}/${target.name}`;
  const byHand = letGo(target);
  const isGone = async () => {
    left = await find(site, target, signal);
    if (left === undefined) return true;
    if (performance.now() - begun < doubts * doubtAfter) return false;
    doubts += 1;
    say(`waits for ${finalizersOf(left)}`);
    const why = await unattended(site, left, signal);
    if (why !== undefined) throw stuck(what, { target, left, byHand }, why);
    const deleted = Date.parse(left.metadata.deletionTimestamp ?? '');
    if (foreignFinalizers(left).length > 0 && site.now().getTime() - deleted > patience)
      throw held(what, { target, left, byHand });
    return false;
  };
  await until(`${what} is not gone`, signal, isGone, () =>
    left ? `It waits for ${finalizersOf(left)}: ${byHand}` : '',
  );
}

const finalizersOf = ({ metadata }: KubernetesObject): string =>
  metadata.finalizers?.length ? `the finalizer ${metadata.finalizers.join(', ')}` : 'its end';

/** Why no operator takes away the finalizers of a runtime's object; undefined where one does. */
async function unattended(site: Site, object: KubernetesObject, signal: AbortSignal): Promise<string | undefined> {
  const provider = providers.find(({ group }) => group === groupOf(object.apiVersion));
  return provider && heldBecause(provider.installation.detect(await site.runtimeFacts(signal, true)), object);
}

interface Hanging {
  readonly target: ObjectReference;
  readonly left: KubernetesObject;
  /** How its finalizers are given up. */
  readonly byHand: string;
}

const stuck = (what: string, { target, left, byHand }: Hanging, why: string): FoundryError =>
  new FoundryError(
    'RUNTIME_UNHEALTHY',
    `${what} hangs in deletion: ${finalizersOf(left)} is removed by an operator only. ${why}`,
    `Have an operator look after it and call again, or give the finalizer up by hand: ${byHand}`,
    { object: target, finalizers: left.metadata.finalizers },
  );

const held = (what: string, { target, left, byHand }: Hanging): FoundryError => {
  const others = foreignFinalizers(left);
  return new FoundryError(
    'TIMEOUT',
    `${what} hangs in deletion: the finalizer ${others.join(', ')} is taken away by whoever set it, not by the operator, and has held it for more than ${patience / 1_000} seconds.`,
    `Bring back whoever set it, or give the finalizer up by hand, then call again (what is done already is not repeated): ${byHand}`,
    { object: target, finalizers: others },
  );
};

async function until(
  not: string,
  signal: AbortSignal,
  check: () => Promise<boolean>,
  words: () => string = () => '',
): Promise<void> {
  if (await pollUntil(check, { every, deadline: longest }, signal)) return;
  throw new FoundryError(
    'TIMEOUT',
    `After ${longest / 60_000} minutes ${not}. ${words()}`.trim(),
    'Look at the pods and Events of its namespace, then call again: what is done already is not repeated.',
  );
}

/** The object of that uid: another one of the same name is not the one that was meant. */
export async function find(
  site: Site,
  target: ObjectReference,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const { apiVersion, kind } = target;
  const name = { group: groupOf(apiVersion), kind, version: apiVersion.slice(apiVersion.indexOf('/') + 1) };
  const found = await site.cluster.get(name, target, { signal });
  return target.uid === undefined || found?.metadata.uid === target.uid ? found : undefined;
}
