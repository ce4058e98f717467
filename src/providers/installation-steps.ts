import { groupOf, type ObjectReference } from '../kubernetes.ts';
import type { OperatorFact, ReleaseFact, Step } from './provider.ts';
import { type Chart, knownRelease, type Place } from './releases.ts';

type HelmStep = Extract<Step, { kind: 'helm' }>;

/** One action on one helm release. */
export function helm(action: 'install' | 'upgrade' | 'uninstall', chart: Chart, place: Place, version: string): Step {
  const { release, namespace } = place;
  const location = `--namespace ${namespace}`;
  const source = `${release} ${chart.chart} --repo ${chart.repository} --version ${version} ${location}`;
  const image = knownRelease(chart, version)?.operator;
  const operator = image === undefined ? '' : `, operator ${image}`;
  const words = {
    install: {
      title: `Install the chart ${chart.chart} ${version} into ${namespace}${operator}`,
      command: `helm upgrade --install ${source} --create-namespace --wait --timeout 10m`,
    },
    upgrade: {
      title: `Upgrade the release ${release} in ${namespace} to ${chart.chart} ${version}${operator}`,
      command: `helm upgrade ${source} --reset-then-reuse-values --wait --timeout 10m`,
    },
    uninstall: {
      title: `Uninstall the release ${release} from ${namespace}; the namespace stays`,
      command: `helm uninstall ${release} ${location} --wait`,
    },
  };
  return { ...helmStep(chart, place, version), action, ...words[action] };
}

const helmStep = ({ chart, repository }: Chart, { release, namespace }: Place, version: string) =>
  ({ kind: 'helm', chart, repository, release, namespace, version, values: {} }) as const;

/**
 * Makes a release usable again that helm left locked when it was ended. A revision whose operator exists is carried on (helm
 * calls that a rollback to it); one that never got so far is removed, so that its hooks run anew.
 */
export function recovery(
  chart: Chart,
  release: ReleaseFact | undefined,
  operator: OperatorFact | undefined,
): readonly Step[] {
  if (release === undefined) return [];
  const { name, namespace, revision, status, version } = release;
  const place = { release: name, namespace };
  const left = pendingWords(release);
  if (status === 'uninstalling' || (status === 'pending-install' && operator === undefined)) {
    return [{ ...helm('uninstall', chart, place, version), title: `Remove the release ${name}, ${left}` }];
  }
  if (!status.startsWith('pending-')) return [];
  return [
    {
      ...helmStep(chart, place, version),
      action: 'rollback',
      revision,
      title: `Carry on revision ${revision} of the release ${name}, ${left}`,
      command: `helm rollback ${name} ${revision} --namespace ${namespace} --wait --timeout 10m`,
    } satisfies HelmStep & Step,
  ];
}

/** For operators that apply their CRDs at their start. */
export const restartOperator = ({ namespace, name }: OperatorFact): Step => ({
  kind: 'restartOperator',
  namespace,
  name,
  title: `Restart the operator ${namespace}/${name}, which applies its CRDs when it starts`,
  command: `kubectl rollout restart deployment/${name} --namespace ${namespace}`,
});

/** One that lives on without whoever started it is ended before. */
const pendingWords = ({ status, since, helm }: ReleaseFact): string =>
  helm === 'ended' || helm === 'orphaned'
    ? `which a helm that was ended left ${status}`
    : `which is ${status}${since === undefined ? '' : ` since ${since}`}`;

export const waitOperator = (namespace: string, name: string): Step => ({
  kind: 'waitOperator',
  namespace,
  name,
  title: `Wait until the operator ${namespace}/${name} is available`,
  command: `kubectl rollout status deployment/${name} --namespace ${namespace} --timeout 10m`,
});

export const waitCrds = (names: readonly string[]): Step => ({
  kind: 'waitCrds',
  names,
  title: 'Wait until the CRDs are established',
  command: `kubectl wait --for condition=Established ${names.map((name) => `crd/${name}`).join(' ')} --timeout 60s`,
});

export const deleteCrds = (title: string, names: readonly string[]): Step => ({
  kind: 'deleteCrds',
  names,
  title: `Delete the CRDs of ${title}, and with them every object of their kinds`,
  command: `kubectl delete crd ${names.join(' ')}`,
});

const resource = ({ kind, apiVersion }: ObjectReference): string => `${kind.toLowerCase()}.${groupOf(apiVersion)}`;

/**
 * Deletes the object of that uid only: one of the same name may have taken its place. In the background, because
 * Dynamo operators up to 1.1 never finish a foreground deletion (ai-dynamo/dynamo #8204).
 */
export const deletion = (target: ObjectReference): Step => ({
  kind: 'delete',
  target,
  propagation: 'Background',
  title: `Delete ${target.kind} ${target.namespace}/${target.name}`,
  command: `kubectl delete ${resource(target)} ${target.name} --namespace ${target.namespace} --cascade=background`,
});

export function untilGone(target: ObjectReference, parts: readonly ObjectReference[]): Step {
  const what = `${target.kind} ${target.namespace}/${target.name}`;
  const [part, ...others] = parts;
  const made = others.length > 0 ? `its ${parts.length} parts` : `its ${part?.kind} ${part?.name}`;
  const names = [target, ...parts].map((one) => `${resource(one)}/${one.name}`).join(' ');
  return {
    kind: 'waitGone',
    target,
    parts,
    title: part === undefined ? `Wait until ${what} is gone` : `Wait until ${what} and ${made} are gone`,
    command: `kubectl wait --for=delete ${names} --namespace ${target.namespace} --timeout 10m`,
  };
}

/** Takes every finalizer from an object, so that its deletion ends whatever they waited for. */
export const letGo = (target: ObjectReference): string =>
  `kubectl patch ${resource(target)} ${target.name} --namespace ${target.namespace} --type merge --patch '{"metadata":{"finalizers":null}}'`;
