import { begunWith } from '../installation-checks.ts';
import type { CrdFact, Facts, Installation, OperatorFact } from '../provider.ts';
import { parseVersion } from '../semantic-version.ts';
import { splitImage, usableVersions } from './versions.ts';

const group = 'nvidia.com';

/** CRDs of the operator, the primary's first. Those of Grove and of the Snapshot operator are not ours. */
export const crds = [
  'dynamographdeployments.nvidia.com',
  'dynamocomponentdeployments.nvidia.com',
  'dynamographdeploymentscalingadapters.nvidia.com',
  'dynamographdeploymentrequests.nvidia.com',
  'dynamomodels.nvidia.com',
  'dynamoworkermetadatas.nvidia.com',
  'dynamocheckpoints.nvidia.com',
] as const;

const operatorName = 'dynamo-operator';

/** The operator's Deployment, under whatever release name, namespace or mirror it was installed (charts 0.6 to 1.6). */
export function isOperator({ name, labels, images }: OperatorFact): boolean {
  const labelled =
    labels['app.kubernetes.io/name'] === operatorName || labels['app.kubernetes.io/part-of'] === operatorName;
  const runs = images.some((image) =>
    /(^|\/)ai-dynamo\/(kubernetes-operator|dynamo-operator)$/.test(splitImage(image).repository),
  );
  return labelled || runs || name.endsWith(`${operatorName}-controller-manager`);
}

/** The operator's version, without a leading v: its label, its argument, its image's tag, what it left on the CRD. */
function versionOf(operator: OperatorFact | undefined, crd: CrdFact | undefined): string | undefined {
  const argument = operator?.args.find((arg) => arg.startsWith('--operator-version='));
  const candidates = [
    operator?.labels['app.kubernetes.io/version'],
    argument?.slice(argument.indexOf('=') + 1),
    ...(operator?.images ?? []).map((image) => splitImage(image).tag),
    markOf(crd),
  ];
  return candidates
    .find((candidate) => candidate !== undefined && parseVersion(candidate) !== undefined)
    ?.replace(/^v/, '');
}

/** Namespaces that an operator was restricted to; undefined = all. */
function watchesOf(operator: OperatorFact): readonly string[] | undefined {
  const words = operator.args.flatMap((arg) => arg.split('=', 2));
  const flag = words.findIndex((word) => /^--?restricted-?namespace$/i.test(word));
  const restricted = flag < 0 ? undefined : words[flag + 1];
  return restricted ? [restricted] : undefined;
}

const isUp = ({ ready, deleting }: OperatorFact): boolean => ready > 0 && !deleting;

/** The operator that serves the cluster: one that is up before one that is not, an unrestricted one before others. */
function operatorOf({ operators }: Facts): OperatorFact | undefined {
  const rank = (operator: OperatorFact) => (isUp(operator) ? 0 : 2) + (watchesOf(operator) === undefined ? 0 : 1);
  return operators.filter(isOperator).toSorted((one, other) => rank(one) - rank(other))[0];
}

/** Why an operator and a CRD that are both there do not work; undefined when they do. */
function ailment(operator: OperatorFact, crd: CrdFact, writable: boolean): string | undefined {
  const where = `${operator.namespace}/${operator.name}`;
  if (operator.deleting) return `The operator ${where} is being deleted.`;
  if (operator.desired === 0) return `The operator ${where} is scaled to 0.`;
  if (!isUp(operator)) {
    const why = operator.message ? `: ${operator.message}` : '';
    return `The operator ${where} has ${operator.ready} of ${operator.desired} replicas ready${why}.`;
  }
  if (crd.established === false) return `The CRD ${crd.name} is not established yet.`;
  if (!writable)
    return `The CRD ${crd.name} serves ${crd.served.join(', ') || 'no version'}, which KubeFoundry does not know.`;
  return undefined;
}

/** The version of the operator that applied a CRD. */
const markOf = (crd: CrdFact | undefined): string | undefined =>
  crd?.annotations?.['dynamo.nvidia.com/operator-version']?.replace(/^v/, '');

/** What runs, in one sentence, with what to know about it. */
function healthyMessage(operator: OperatorFact, crd: CrdFact, version: string | undefined): string {
  const sentences = [`Dynamo ${version ?? 'of unknown version'} runs in ${operator.namespace}.`];
  const marked = markOf(crd);
  if (marked !== undefined && version !== undefined && marked !== version) {
    sentences.push(`Its CRDs are of ${marked}: an upgrade stopped half way.`);
  }
  if (crd.served.length > 1 && crd.storage !== undefined && !(crd.conversion === 'Webhook' && crd.conversionCa)) {
    sentences.push(`Its conversion webhook is not set up, so only ${crd.storage}, the stored version, is used.`);
  }
  return sentences.join(' ');
}

/** What is installed of Dynamo. A leftover CRD alone is no installation, and what may not be read is unknown. */
export function detect(facts: Facts): Installation {
  const crd = facts.crds.find(({ name }) => name === crds[0]);
  const operator = operatorOf(facts);
  const usable = crd ? usableVersions(crd) : { served: [], read: undefined, write: undefined };
  const version = versionOf(operator, crd);
  const found = {
    version,
    apiVersions: usable.served,
    readVersion: usable.read && `${group}/${usable.read}`,
    writeVersion: usable.write && `${group}/${usable.write}`,
    operator: operator && {
      namespace: operator.namespace,
      name: operator.name,
      ready: operator.ready,
      desired: operator.desired,
      image: operator.images[0] ?? '',
    },
    watches: operator && watchesOf(operator),
  };
  // The CRD decides: where it is known to be missing, an operator that may not be looked for makes no difference.
  const unread = facts.unread.find(({ what }) => (crd ? what === 'operators' && !operator : what === 'crds'));
  if (unread) {
    const message = `Whether Dynamo is installed cannot be told: ${unread.message}`;
    return { ...found, state: 'unknown', installed: null, healthy: null, message };
  }
  if (!crd && !operator) {
    const begun = begunWith(facts, crds);
    const state = begun === undefined ? 'not_installed' : 'partial';
    return { ...found, state, installed: false, healthy: false, message: begun ?? 'Dynamo is not installed.' };
  }
  if (!operator || !crd) {
    const message = operator
      ? `The operator ${operator.namespace}/${operator.name} is there, but the CRD ${crds[0]} is not.`
      : `The CRD ${crds[0]} is there, but no operator: a leftover, or an installation that is not finished.`;
    return { ...found, state: 'partial', installed: false, healthy: false, message };
  }
  const broken = ailment(operator, crd, usable.write !== undefined);
  if (broken !== undefined) return { ...found, state: 'unhealthy', installed: true, healthy: false, message: broken };
  return { ...found, state: 'ready', installed: true, healthy: true, message: healthyMessage(operator, crd, version) };
}
