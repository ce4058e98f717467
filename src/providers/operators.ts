import { valueAt } from '../kubernetes.ts';
import { splitImage } from './image.ts';
import type { CrdFact, OperatorFact } from './provider.ts';

/** What tells a runtime's operator, whoever installed it and whatever it is called. */
export interface OperatorMarks {
  /** Sets of labels, of which one must be whole, on the Kubernetes Deployment or on its pods: charts and kustomize. */
  readonly labels: readonly Readonly<Record<string, string>>[];
  /** Its package in OLM, whose `olm.owner` is `<package>.v<version>`. */
  readonly olmPackage: string;
  /** Repository of its image, in any registry and mirror. */
  readonly image: RegExp;
  /** An argument that no other program has: for images and labels of one's own. */
  readonly argument: RegExp;
  readonly name: RegExp;
}

/** Where an operator's version stands. */
export interface VersionMarks {
  /** Labels, best first, and what in them comes before the version. */
  readonly labels: readonly (readonly [label: string, before: string])[];
  readonly argument?: RegExp;
  /** An annotation on the primary's CRD. */
  readonly annotation?: string;
}

/** How an operator is told to watch some namespaces only. */
export interface WatchMarks {
  readonly argument: RegExp;
  /** Where it stands in the operator's settings. */
  readonly setting: readonly string[];
}

/** Whether a Kubernetes Deployment is the operator of these marks. */
export function bearsMarks(
  marks: OperatorMarks,
  { name, labels, podLabels = {}, images, args }: OperatorFact,
): boolean {
  const bears = (one: Readonly<Record<string, string>>) =>
    marks.labels.some((set) => Object.entries(set).every(([label, value]) => one[label] === value));
  return (
    bears(labels) ||
    bears(podLabels) ||
    labels['olm.owner']?.startsWith(`${marks.olmPackage}.`) === true ||
    images.some((image) => marks.image.test(splitImage(image).repository)) ||
    args.some((argument) => marks.argument.test(argument)) ||
    marks.name.test(name)
  );
}

/** The operator's own image: sidecars such as kube-rbac-proxy have versions of their own. */
export const imageOf = ({ image }: OperatorMarks, { images }: OperatorFact): string | undefined =>
  images.find((candidate) => image.test(splitImage(candidate).repository)) ??
  (images.length === 1 ? images[0] : undefined);

/** A version without a leading v and without what vendors hang on to it. */
const versionIn = (text: string | undefined): string | undefined =>
  /^v?(\d+\.\d+\.\d+(?:-(?:alpha|beta|rc|dev)[.\d]*)?)/.exec(text ?? '')?.[1];

/** The version of the operator that applied a CRD; undefined where that leaves no mark. */
export const markOf = ({ annotation }: VersionMarks, crd: CrdFact | undefined): string | undefined =>
  annotation === undefined ? undefined : versionIn(crd?.annotations?.[annotation]);

/** The operator's version: from a label, an argument, the tag of its image, what it left on the CRD, in that order. */
export function versionOf(
  marks: { readonly operator: OperatorMarks; readonly version: VersionMarks },
  operator: OperatorFact | undefined,
  crd: CrdFact | undefined,
): string | undefined {
  const { labels, argument } = marks.version;
  const labelled = [...labels, ['olm.owner', `${marks.operator.olmPackage}.`] as const].map(([label, before]) => {
    const value = operator?.labels[label] ?? operator?.podLabels?.[label];
    return value?.startsWith(before) ? value.slice(before.length) : undefined;
  });
  const image = operator && imageOf(marks.operator, operator);
  const candidates = [
    ...labelled,
    operator && argument && argumentOf(operator, argument),
    image === undefined ? undefined : splitImage(image).tag,
  ];
  return candidates.map(versionIn).find((version) => version !== undefined) ?? markOf(marks.version, crd);
}

/** Whether an operator acts on anything. */
export const isUp = ({ ready, available, deleting }: OperatorFact): boolean =>
  Math.min(ready, available) > 0 && !deleting;

/** The value of an argument (`--flag=value`, `--flag value`); undefined where it is not given. */
function argumentOf({ args }: OperatorFact, argument: RegExp): string | undefined {
  const words = args.flatMap((arg) => (/^--?[^=]+=/.test(arg) ? splitOnce(arg) : [arg]));
  const index = words.findIndex((word) => argument.test(word));
  return index < 0 ? undefined : words[index + 1];
}

/** The namespaces that one operator watches, told by an argument (several with commas) or its settings; undefined = all. */
export function watchesOf({ argument, setting }: WatchMarks, operator: OperatorFact): readonly string[] | undefined {
  const told = argumentOf(operator, argument) ?? valueAt(operator.settings, ...setting);
  const names = (Array.isArray(told) ? told : [told])
    .flatMap((value) => (typeof value === 'string' ? value.split(',') : []))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length > 0 ? names : undefined;
}

/** The same where the settings may not have been read that alone could tell: then null. */
export const knownWatches = (
  watch: WatchMarks,
  hides: (operator: OperatorFact) => boolean,
  operator: OperatorFact,
): readonly string[] | undefined | null => {
  const unread = operator.settingsFrom !== undefined && operator.settings === undefined;
  return watchesOf(watch, operator) ?? (unread && hides(operator) ? null : undefined);
};

const splitOnce = (argument: string): readonly string[] => {
  const equals = argument.indexOf('=');
  return [argument.slice(0, equals), argument.slice(equals + 1)];
};

/** The operators, the one to speak of first: one that is up before others, one that stays, one for all namespaces. */
export function ranked(watch: WatchMarks, operators: readonly OperatorFact[]): readonly OperatorFact[] {
  const rank = (operator: OperatorFact): number =>
    (isUp(operator) ? 0 : 4) + (operator.deleting ? 2 : 0) + (watchesOf(watch, operator) === undefined ? 0 : 1);
  return operators.toSorted((one, other) => rank(one) - rank(other));
}
