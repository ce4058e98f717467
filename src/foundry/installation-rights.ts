import type { AccessQuestion, Cluster } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import { groupOf } from '../kubernetes.ts';
import type { Step } from '../providers/provider.ts';
import { leaseNamespace } from './lease.ts';
import { chartClusterKinds, chartKinds, granting, type Right } from './rights.ts';

type Question = Pick<AccessQuestion, 'verb' | 'group' | 'plural' | 'namespace'>;

/** What the server was asked, and what of it may not be done; undefined where it cannot be asked. */
export interface AskedRights {
  readonly asked: readonly Question[];
  readonly denied: readonly Question[] | undefined;
}

const definitions = { group: 'apiextensions.k8s.io', plural: 'customresourcedefinitions' };
const question = ({ verb, group, resource }: Right): Question => ({ verb, group, plural: resource });

function rightsOf(step: Step): readonly (Question & { readonly kind?: string })[] {
  switch (step.kind) {
    case 'helm': {
      const { namespace, action } = step;
      const verb = action === 'uninstall' ? 'delete' : 'create';
      return [
        ...(action === 'install'
          ? [
              { verb, group: '', plural: 'namespaces' },
              { verb, ...definitions },
            ]
          : []),
        ...chartClusterKinds.map((kind) => question({ verb, ...kind })),
        ...chartKinds.map((kind) => ({ ...question({ verb, ...kind }), namespace })),
        ...(action === 'uninstall' ? [] : granting.map(question)),
      ];
    }
    case 'applyCrds':
      return [{ verb: 'patch', ...definitions }];
    case 'deleteCrds':
      return [{ verb: 'delete', ...definitions }];
    case 'restartOperator':
      return [{ verb: 'patch', group: 'apps', plural: 'deployments', namespace: step.namespace }];
    case 'delete': {
      const { apiVersion, kind, namespace } = step.target;
      return [{ verb: 'delete', group: groupOf(apiVersion), plural: '', kind, namespace }];
    }
    default:
      return [];
  }
}

/** The rights that every installation and uninstallation needs besides those of its steps. */
const always: readonly Question[] = ['get', 'create', 'patch', 'delete'].map((verb) => ({
  verb,
  group: 'coordination.k8s.io',
  plural: 'leases',
  namespace: leaseNamespace,
}));

/** What may not be done of what the steps do, as the server itself answers. */
export async function askRights(cluster: Cluster, steps: readonly Step[], signal: AbortSignal): Promise<AskedRights> {
  const asked = new Map<string, Question>();
  for (const { kind, ...right } of [...always, ...steps.flatMap(rightsOf)].map((one) => ({
    kind: undefined,
    ...one,
  }))) {
    const named = kind === undefined ? right.plural : await pluralOf(cluster, right.group, kind, signal);
    const complete = { ...right, plural: named };
    asked.set(wordsFor(complete), complete);
  }
  const questions = [...asked.values()];
  try {
    const answers = await Promise.all(questions.map((right) => cluster.access(right, { signal })));
    return { asked: questions, denied: questions.filter((_, index) => answers[index]?.allowed !== true) };
  } catch (error) {
    if (error instanceof FoundryError) return { asked: questions, denied: undefined };
    throw error;
  }
}

async function pluralOf(cluster: Cluster, group: string, kind: string, signal: AbortSignal): Promise<string> {
  const resource = await cluster.resource({ group, kind }, { signal });
  return resource?.plural ?? kind.toLowerCase();
}

const resourceIn = ({ group, plural }: Question): string => `${plural}${group === '' ? '' : `.${group}`}`;

/** `create secrets in kuberay-system` */
export const wordsFor = (right: Question): string =>
  `${right.verb} ${resourceIn(right)}${right.namespace === undefined ? '' : ` in ${right.namespace}`}`;

/** The same asked by hand. */
export const commandFor = (right: Question): string =>
  `kubectl auth can-i ${right.verb} ${resourceIn(right)} ${right.namespace === undefined ? '--all-namespaces' : `--namespace ${right.namespace}`}`;
