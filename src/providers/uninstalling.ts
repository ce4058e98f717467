import type { KubernetesObject } from '../kubernetes.ts';
import { toolCall } from './fixes.ts';
import { deleteCrds, helm } from './installation-steps.ts';
import { hanging, stranded } from './letting-go.ts';
import { listed } from './listed.ts';
import type { Facts, Installation, OperatorFact, Plan } from './provider.ts';
import { type Chart, foreign, type Place, placeOf, releasesOf } from './releases.ts';
import { removals, tops } from './removals.ts';
import { goesWith, type Shared, undivided, whichGoes } from './sharing.ts';
import type { RuntimeId } from './spec.ts';

/** What one runtime's uninstallation differs by. */
export interface Uninstallable {
  readonly runtime: RuntimeId;
  readonly chart: Chart;
  readonly crds: readonly string[];
  /** Kind of deployments. */
  readonly primary: string;
  /** Kinds whose objects create others: they are deleted, and gone, before the rest. */
  readonly creators: readonly string[];
  detect(facts: Facts): Installation;
  isOperator(candidate: OperatorFact): boolean;
  readonly watchedBy: Shared['watchedBy'];
  modelOf(primary: KubernetesObject): string | null;
}

/** Removes custom resources while the operator can still let go of them, then the release, CRDs on request, no namespace. */
export function planUninstall(
  runtime: Uninstallable,
  facts: Facts,
  options: { readonly deleteCrds: boolean; readonly objects: readonly KubernetesObject[] },
): Plan {
  const { chart } = runtime;
  const found = runtime.detect(facts);
  const operators = facts.operators.filter(runtime.isOperator);
  const operator = operators.find(
    ({ name, namespace }) => name === found.operator?.name && namespace === found.operator.namespace,
  );
  const [stray] = releasesOf(facts, chart);
  const place: Place | undefined = operator
    ? placeOf(facts, chart, operator)
    : stray && { release: stray.name, namespace: stray.namespace };
  const present = runtime.crds.filter((name) => facts.crds.some((crd) => crd.name === name));
  const crds = options.deleteCrds ? present : [];
  const removes = operator !== undefined || place !== undefined || crds.length > 0;
  const others = operators.filter((candidate) => candidate !== operator);
  const shared = operator && { chart, facts, chosen: operator, others, watchedBy: runtime.watchedBy };
  const mine = shared ? options.objects.filter((object) => goesWith(shared, object)) : options.objects;
  const left = tops(mine);
  const objects = removes ? left : [];
  const stuck = stranded(found, mine);
  const wayOut = stuck.length === 0 || found.healthy === true ? undefined : operatorFirst(runtime, found);
  return {
    summary: removes
      ? blastRadius(runtime, found, { objects, isShared: others.length > 0 })
      : nothingToRemove(runtime, present, left, stuck.length > 0),
    steps: [
      ...removals(objects, { all: mine, creators: runtime.creators }),
      ...(place ? [helm('uninstall', chart, place, found.version ?? stray?.version ?? '')] : []),
      ...(crds.length > 0 ? [deleteCrds(chart.title, crds)] : []),
    ],
    warnings: [
      ...(removes && crds.length === 0 && present.length > 0 ? ['The CRDs stay; so does every namespace.'] : []),
      ...hanging(objects),
      ...(removes || wayOut === undefined ? [] : [...stuck, wayOut]),
      ...(shared ? whichGoes(shared) : []),
    ],
    blockers: [
      ...(found.state === 'unknown' ? [found.message] : []),
      ...(operator && place === undefined ? [foreign(chart, operator, 'uninstall')] : []),
      ...(shared ? undivided(shared) : []),
      ...(others.length > 0 && crds.length > 0
        ? [`Another ${chart.title} operator uses the CRDs: they must stay.`]
        : []),
      ...(removes ? stuck : []),
    ],
    hint: wayOut,
  };
}

function blastRadius(
  runtime: Uninstallable,
  { version, operator }: Installation,
  { objects, isShared }: { readonly objects: readonly KubernetesObject[]; readonly isShared: boolean },
): string {
  const title = `${runtime.chart.title}${version === undefined ? '' : ` ${version}`}`;
  const which = isShared ? `, operator ${operator?.namespace}/${operator?.name}` : '';
  const { deployments, others } = named(runtime, objects);
  const stops = deployments.length === 0 ? 'No deployment stops.' : `Deployments that stop: ${listed(deployments)}.`;
  return `Uninstall ${title}${which}. ${stops}${others.length === 0 ? '' : ` Deleted as well: ${listed(others)}.`}`;
}

/** Deployments with their models, and what else there is. */
function named(runtime: Uninstallable, objects: readonly KubernetesObject[]) {
  const isPrimary = ({ kind }: KubernetesObject) => kind === runtime.primary;
  const deployments = objects.filter(isPrimary).map((object) => {
    const model = runtime.modelOf(object);
    return `${object.metadata.namespace}/${object.metadata.name}${model === null ? '' : ` (${model})`}`;
  });
  const others = objects
    .filter((object) => !isPrimary(object))
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
  return { deployments, others };
}

function nothingToRemove(
  runtime: Uninstallable,
  crds: readonly string[],
  objects: readonly KubernetesObject[],
  stuck: boolean,
): string {
  const { title } = runtime.chart;
  if (crds.length === 0) return `${title} is not installed.`;
  const only = `Only the CRDs of ${title} are left`;
  if (objects.length === 0) return `${only}; deleteCrds: true deletes them.`;
  const { deployments, others } = named(runtime, objects);
  return [
    `${only}, and objects that no operator looks after, whose pods may run on.`,
    ...(deployments.length === 0 ? [] : [`Deployments: ${listed(deployments)}.`]),
    ...(others.length === 0 ? [] : [`Others: ${listed(others)}.`]),
    stuck ? 'Deleting them takes an operator.' : 'deleteCrds: true deletes all of it.',
  ].join(' ');
}

/** How there comes to be an operator that removes finalizers: one of the version of the CRDs, where they tell it. */
function operatorFirst({ runtime }: Uninstallable, { operator, version }: Installation): string {
  if (operator) return `What is wrong with the operator: ${toolCall('get_runtimes_status', { runtime })}.`;
  const install = toolCall('install_runtime', version === undefined ? { runtime } : { runtime, version });
  return `Install an operator first, ${install}, and uninstall it then with all the rest: ${toolCall('uninstall_runtime', { runtime, deleteCrds: true })}.`;
}
