import type { ObjectReference } from '../../kubernetes.ts';
import type { Facts, Plan, Step } from '../provider.ts';
import { crdNames, detect, isOperator, operatorOf } from './installation.ts';
import { chart, defaultVersion, foreign, releaseOf, repository, unreadBlockers } from './release.ts';

/** Deletes the object of that uid only: one of the same name may have taken its place. The cluster below it follows in the background. */
export const deleteStep = (target: ObjectReference): Step => ({
  kind: 'delete',
  title: `Delete the RayService ${target.namespace}/${target.name}`,
  command: `kubectl delete rayservice ${target.name} --namespace ${target.namespace} --cascade=background`,
  target,
  propagation: 'Background',
});

const waitGone = (target: ObjectReference): Step => ({
  kind: 'waitGone',
  title: `Wait until ${target.namespace}/${target.name} is gone`,
  command: `kubectl wait --for=delete rayservice/${target.name} --namespace ${target.namespace} --timeout=300s`,
  target,
});

export function planUninstall(
  facts: Facts,
  options: { readonly deleteCrds: boolean; readonly deployments: readonly ObjectReference[] },
): Plan {
  const installation = detect(facts);
  const operator = operatorOf(facts);
  const release = operator && releaseOf(operator);
  const { deployments, deleteCrds } = options;
  const present = crdNames.filter((name) => facts.crds.some((crd) => crd.name === name));
  const uninstall: readonly Step[] =
    operator === undefined
      ? []
      : [
          {
            kind: 'helm',
            action: 'uninstall',
            title: `Uninstall the helm release ${release ?? chart} from ${operator.namespace}`,
            command: `helm uninstall ${release ?? chart} --namespace ${operator.namespace} --wait`,
            release: release ?? chart,
            namespace: operator.namespace,
            chart,
            repository,
            version: installation.version ?? defaultVersion,
            values: {},
          },
        ];
  const crds: readonly Step[] =
    deleteCrds && present.length > 0
      ? [
          {
            kind: 'deleteCrds',
            title: 'Delete the CRDs of KubeRay, and with them every object of their kinds',
            command: `kubectl delete crd ${present.join(' ')}`,
            names: present,
          },
        ]
      : [];
  const stranded = deployments.length > 0 && installation.healthy !== true;
  return {
    summary:
      deployments.length === 0
        ? 'Uninstall KubeRay; no RayService runs on it.'
        : `Uninstall KubeRay: ${deployments.length} ${deployments.length === 1 ? 'deployment stops' : 'deployments stop'}.`,
    // The operator removes the finalizer of RayServices: once it is gone they can not be deleted any more.
    steps: [...deployments.map(deleteStep), ...deployments.map(waitGone), ...uninstall, ...crds],
    warnings: [
      'RayClusters and RayJobs of their own are no longer looked after; namespaces stay.',
      ...(crds.length > 0 ? ['Deleting the CRDs deletes every RayCluster, RayJob and RayService in the cluster.'] : []),
      ...(stranded
        ? ['The operator is not available: RayServices hang in deletion on its finalizer until it is back.']
        : []),
      ...(facts.operators.filter(isOperator).length > 1
        ? ['More than one operator was found; only one is uninstalled.']
        : []),
    ],
    blockers: [
      ...unreadBlockers(installation),
      ...(operator !== undefined && release === undefined ? [foreign(operator, 'uninstall')] : []),
      ...(operator === undefined && crds.length === 0 && installation.state !== 'unknown'
        ? [
            present.length === 0
              ? 'KubeRay is not installed.'
              : 'Only the CRDs of KubeRay are left; they are deleted on request (deleteCrds).',
          ]
        : []),
    ],
  };
}
