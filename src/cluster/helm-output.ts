import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { FoundryError } from '../errors.ts';
import { type KubernetesObject, textAt } from '../kubernetes.ts';

/** A release in its latest revision, as `helm list` tells it. */
export interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly version: string;
  readonly revision: number;
  readonly status: string;
  /** Of one that is pending: since when. */
  readonly since?: string;
  /**
   * Of one that is pending: whether the helm that made it so has `ended`, lives on without the KubeFoundry that started
   * it (`orphaned`), or may be at work as far as anybody knows (`unknown`). Absent = it has had all the time it takes.
   */
  readonly helm?: 'ended' | 'orphaned' | 'unknown';
}

export type ListedRelease = Omit<HelmRelease, 'since' | 'helm'> & { readonly updated: string };

const listing = z.array(
  z.object({
    name: z.string(),
    namespace: z.string(),
    revision: z.coerce.number().int(),
    status: z.string(),
    /** When its latest revision was made. */
    updated: z.string().default(''),
    /** `<chart>-<version>` */
    chart: z.string(),
  }),
);

/** @throws FoundryError HELM_FAILED for anything but what `helm list --output json` prints */
export function releasesIn(output: string): readonly ListedRelease[] {
  const parsed = listing.safeParse(jsonOrNothing(output));
  if (!parsed.success) {
    throw new FoundryError(
      'HELM_FAILED',
      `helm list printed something else than its releases: ${output.slice(0, 200)}`,
      'Run `helm list --all-namespaces --output json` by hand: another program of that name may be first on the PATH.',
    );
  }
  return parsed.data.map(({ chart: named, ...release }) => {
    const [, chart = named, version = ''] = /^(.+?)-(v?\d+\..*)$/.exec(named) ?? [];
    return { ...release, chart, version };
  });
}

/** `null` and an empty map are none. */
const values = z.record(z.string(), z.unknown()).nullable();

/** @throws FoundryError HELM_FAILED for anything but what `helm get values --output json` prints */
export function holdsValues(output: string): boolean {
  const parsed = values.safeParse(jsonOrNothing(output));
  if (parsed.success) return Object.keys(parsed.data ?? {}).length > 0;
  throw new FoundryError(
    'HELM_FAILED',
    'helm printed something else than the values of the release.',
    'Run `helm version` by hand: another program of that name may be first on the PATH.',
  );
}

export function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const definition = 'CustomResourceDefinition';

/** @throws FoundryError HELM_FAILED when `helm show crds` printed none of the CRDs that the plan names */
export function crdsIn(output: string, names: readonly string[]): readonly KubernetesObject[] {
  const found: KubernetesObject[] = [];
  for (const document of parseAllDocuments(output)) {
    const object: unknown = document.toJS();
    const name = textAt(object, 'metadata', 'name');
    const apiVersion = textAt(object, 'apiVersion');
    if (typeof object !== 'object' || object === null || name === undefined || apiVersion === undefined) continue;
    if (textAt(object, 'kind') !== definition || !names.includes(name)) continue;
    found.push({ ...object, apiVersion, kind: definition, metadata: { ...Reflect.get(object, 'metadata'), name } });
  }
  if (found.length > 0) return found;
  throw new FoundryError('HELM_FAILED', `The chart holds none of the CRDs ${names.join(', ')}.`, 'Apply them by hand.');
}

/** What the libraries in helm log for information or as a warning: `W1129 10:11:12.131415 999 warnings.go:107] …`. */
const logged = /^[IW]\d{4} [\d:.]+ +\d+ \S+:\d+\] /;

/** The end of what helm said, without what it only logged, unless that is all. */
export function lastWords(output: string): string {
  const lines = output.split('\n');
  const said = lines.filter((line) => !logged.test(line));
  return (said.length > 0 ? said : lines).slice(-6).join(' ').slice(-1_000);
}
