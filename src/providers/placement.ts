import type { Problem } from './provider.ts';
import type { DeploymentSpec } from './spec.ts';

const refuse = (path: string, message: string, hint: string): readonly Problem[] => [
  { path, severity: 'error', code: 'INPUT_INVALID', message, hint },
];

function tolerationProblems({ tolerations = [] }: DeploymentSpec): readonly Problem[] {
  return tolerations.flatMap(({ key, operator, value }, index) => {
    const path = `tolerations[${index}]`;
    if (key === undefined && operator !== 'Exists') {
      const message = 'A toleration without a key tolerates everything, which needs operator Exists.';
      return refuse(path, message, 'Add a key, or operator Exists.');
    }
    if (operator === 'Exists' && value !== undefined && value !== '') {
      const message = 'A toleration with operator Exists has no value.';
      return refuse(path, message, 'Leave the value out, or use operator Equal.');
    }
    return [];
  });
}

/** Kubernetes' qualified name: a name of at most 63 characters, with a DNS subdomain of at most 253 before it. */
const qualifiedName =
  /^(?=[^/]{1,253}\/|[^/]*$)(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/;

function keyProblems({ nodeSelector = {}, tolerations = [] }: DeploymentSpec): readonly Problem[] {
  const keys = [
    ...Object.keys(nodeSelector).map((key) => ({ path: `nodeSelector.${key}`, key })),
    ...tolerations.map(({ key }, index) => ({ path: `tolerations[${index}].key`, key })),
  ];
  return keys.flatMap(({ path, key }) =>
    key === undefined || qualifiedName.test(key)
      ? []
      : refuse(
          path,
          `${key} is no label key: a name of at most 63 characters, or a domain, / and such a name.`,
          'Use a label that the nodes have, such as nvidia.com/gpu.product.',
        ),
  );
}

/** What is wrong with where pods shall run. No CRD checks it: only the pods' admission would say it, long after the deployment was accepted. */
export const placementProblems = (spec: DeploymentSpec): readonly Problem[] => [
  ...tolerationProblems(spec),
  ...keyProblems(spec),
];
