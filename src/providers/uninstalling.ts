import type { KubernetesObject, ObjectReference } from '../kubernetes.ts';
import { foreignFinalizers } from './finalizers.ts';
import { toolCall } from './fixes.ts';
import { deleteCrds, deletion, helm, letGo, untilGone } from './installation-steps.ts';
import { listed } from './listed.ts';
import type { Facts, Installation, OperatorFact, Plan, Step } from './provider.ts';
import { type Chart, foreign, type Place, placeOf, releasesOf } from './releases.ts';
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
  const left = tops(options.objects);
  const objects = removes ? left : [];
  const held = found.healthy === true ? [] : options.objects.filter(({ metadata }) => metadata.finalizers?.length);
  const stuck = stranded(found, held);
  const wayOut = stuck.length === 0 ? undefined : operatorFirst(runtime, found);
  return {
    summary: removes ? blastRadius(runtime, found, objects) : nothingToRemove(runtime, present, left, stuck.length > 0),
    steps: [
      ...removals(objects, { all: options.objects, creators: runtime.creators }),
      ...(place ? [helm('uninstall', chart, place, found.version ?? stray?.version ?? '')] : []),
      ...(crds.length > 0 ? [deleteCrds(chart.title, crds)] : []),
    ],
    warnings: [
      ...(removes && crds.length === 0 && present.length > 0 ? ['The CRDs stay; so does every namespace.'] : []),
      ...hanging(objects),
      ...(removes || wayOut === undefined ? [] : [...stuck, wayOut]),
      ...(operators.length > 1 ? ['More than one operator was found; only one is uninstalled.'] : []),
    ],
    blockers: [
      ...(found.state === 'unknown' ? [found.message] : []),
      ...(operator && place === undefined ? [foreign(chart, operator, 'uninstall')] : []),
      ...(operators.length > 1 && crds.length > 0
        ? [`Another ${chart.title} operator uses the CRDs: they must stay.`]
        : []),
      ...(removes ? stuck : []),
    ],
    hint: wayOut,
  };
}

/** What goes with its owner needs no step of its own. */
function tops(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const uids = new Set(objects.map(({ metadata }) => metadata.uid));
  return objects.filter(({ metadata }) => !(metadata.ownerReferences ?? []).some(({ uid }) => uids.has(uid)));
}

function removals(
  objects: readonly KubernetesObject[],
  { all, creators }: { readonly all: readonly KubernetesObject[]; readonly creators: readonly string[] },
): readonly Step[] {
  const creates = ({ kind }: KubernetesObject) => creators.includes(kind);
  const rounds = [objects.filter(creates), objects.filter((object) => !creates(object))];
  return rounds.flatMap((round) => [
    ...round.map((object) => deletion(referenceTo(object))),
    ...round.map((object) => untilGone(referenceTo(object), partsOf(object, all).map(referenceTo))),
  ]);
}

/**
 * What an object made, and that made. It is collected after its owner: with finalizers, as Dynamo's
 * DynamoComponentDeployments have, it hangs, together with the CRD of its kind, where the operator is removed before it
 * has let go; without, as KubeRay's RayClusters, its pods run on after all was said to be done.
 */
function partsOf(owner: KubernetesObject, all: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const made = all.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid));
  // Owners may go round in a ring.
  const others = all.filter((object) => !made.includes(object));
  return made.flatMap((part) => [part, ...partsOf(part, others)]);
}

const referenceTo = ({ apiVersion, kind, metadata }: KubernetesObject): ObjectReference => {
  const { name, namespace, uid } = metadata;
  return { apiVersion, kind, name, namespace, uid };
};

function blastRadius(runtime: Uninstallable, found: Installation, objects: readonly KubernetesObject[]): string {
  const title = `${runtime.chart.title}${found.version === undefined ? '' : ` ${found.version}`}`;
  const { deployments, others } = named(runtime, objects);
  const stops = deployments.length === 0 ? 'No deployment stops.' : `Deployments that stop: ${listed(deployments)}.`;
  return `Uninstall ${title}. ${stops}${others.length === 0 ? '' : ` Deleted as well: ${listed(others)}.`}`;
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

/** What is being deleted already and does not end: waiting for it may have no end either. */
function hanging(objects: readonly KubernetesObject[]): readonly string[] {
  const held = objects.filter(
    (object) => object.metadata.deletionTimestamp !== undefined && foreignFinalizers(object).length > 0,
  );
  const [first] = held;
  if (!first) return [];
  const names = held.map(
    (object) =>
      `${object.kind} ${object.metadata.namespace}/${object.metadata.name} (${foreignFinalizers(object).join(', ')})`,
  );
  return [
    `Being deleted already, and held by finalizers that the operator does not take away: ${listed(names)}. As long as whoever set them does not, this stops there. By hand: ${letGo(referenceTo(first))}`,
  ];
}

/** Without a working operator nobody removes the finalizers: the deletion would hang half done. */
function stranded({ message }: Installation, held: readonly KubernetesObject[]): readonly string[] {
  const [first] = held;
  if (!first) return [];
  const { kind, metadata } = first;
  const rest = held.length > 1 ? ` (and ${held.length - 1} more)` : '';
  return [
    `${kind} ${metadata.namespace}/${metadata.name}${rest} would hang in deletion on its finalizer ${metadata.finalizers?.join(', ')}, which only a working operator removes. ${message} Bring the operator back, or give the finalizer up by hand: ${letGo(referenceTo(first))}`,
  ];
}

/** How there comes to be an operator that removes finalizers: one of the version of the CRDs, where they tell it. */
function operatorFirst({ runtime }: Uninstallable, { operator, version }: Installation): string {
  if (operator) return `What is wrong with the operator: ${toolCall('get_runtimes_status', { runtime })}.`;
  const install = toolCall('install_runtime', version === undefined ? { runtime } : { runtime, version });
  return `Install an operator first, ${install}, and uninstall it then with all the rest: ${toolCall('uninstall_runtime', { runtime, deleteCrds: true })}.`;
}
