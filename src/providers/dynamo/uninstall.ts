import type { ObjectReference } from '../../kubernetes.ts';
import type { Facts, Plan, Step } from '../provider.ts';
import { crds, detect, isOperator } from './installation.ts';
import { deletion, helm, notByHelm, releaseOf, untilGone } from './steps.ts';
import { defaultVersion } from './versions.ts';

const requests = 'dynamographdeploymentrequests.nvidia.com';

/** Removes deployments first, then the operator, CRDs only on request, and never a namespace. */
export function planUninstall(
  facts: Facts,
  options: { readonly deleteCrds: boolean; readonly deployments: readonly ObjectReference[] },
): Plan {
  const found = detect(facts);
  const operators = facts.operators.filter(isOperator);
  const operator = operators.find(
    ({ name, namespace }) => name === found.operator?.name && namespace === found.operator.namespace,
  );
  const present = crds.filter((name) => facts.crds.some((crd) => crd.name === name));
  const steps: Step[] = [];
  const blockers: string[] = [...notByHelm(operator)];
  if (present.includes(requests)) {
    steps.push({
      kind: 'check',
      check: 'No DynamoGraphDeploymentRequest is left',
      passed: null,
      title: 'Check that no DynamoGraphDeploymentRequest is left: they would create deployments anew',
      command: `kubectl get ${requests} --all-namespaces`,
    });
  }
  for (const target of options.deployments) steps.push(deletion(target));
  for (const target of options.deployments) steps.push(untilGone(target));
  if (options.deployments.length > 0 && (found.operator?.ready ?? 0) === 0) {
    blockers.push(
      'No operator is up, so the deployments would hang on their finalizer nvidia.com/finalizer: bring the operator back first.',
    );
  }
  if (operator && found.operator) {
    const target = {
      release: releaseOf(operator),
      namespace: operator.namespace,
      version: found.version ?? defaultVersion,
    };
    steps.push(helm('uninstall', target));
  }
  if (options.deleteCrds && present.length > 0) {
    steps.push({
      kind: 'deleteCrds',
      names: present,
      title: 'Delete the CRDs of Dynamo, and with them every object of theirs',
      command: `kubectl delete crd ${present.join(' ')}`,
    });
    if (operators.length > 1) blockers.push('Another Dynamo operator uses the CRDs: they must stay.');
  }
  return {
    summary: `Uninstall Dynamo${found.version === undefined ? '' : ` ${found.version}`}. Deployments that stop: ${options.deployments.length}.`,
    steps,
    warnings: options.deleteCrds || present.length === 0 ? [] : ['The CRDs stay; so does every namespace.'],
    blockers: steps.length === 0 ? [...blockers, 'Nothing of Dynamo is installed.'] : blockers,
  };
}
