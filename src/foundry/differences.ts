import * as z from 'zod';
import type { KubernetesObject } from '../kubernetes.ts';
import { canonicalJson } from './digest.ts';
import { redact, redactText } from './redaction.ts';
import { plainLine } from './untrusted-text.ts';

/** One field that a change would alter; null = absent. */
export const difference = z.object({ path: z.string(), from: z.string().nullable(), to: z.string().nullable() });
export type Difference = z.output<typeof difference>;

/** More than this many are counted, not shown, by whoever shows them. */
const longestValue = 120;

/**
 * What a dry-run would change of the existing object: of its spec, and of the labels and annotations that we set.
 * Both are the server's own words, so that its defaults make no difference.
 */
export function differences(
  existing: KubernetesObject,
  dryRun: KubernetesObject,
  wanted: KubernetesObject,
): readonly Difference[] {
  const found: Difference[] = [];
  compare('spec', existing.spec, dryRun.spec, found);
  for (const field of ['labels', 'annotations'] as const) {
    for (const key of Object.keys(wanted.metadata[field] ?? {})) {
      const path = `metadata.${field}[${key}]`;
      compare(path, existing.metadata[field]?.[key], dryRun.metadata[field]?.[key], found);
    }
  }
  return found;
}

function compare(path: string, from: unknown, to: unknown, found: Difference[]): void {
  if (canonicalJson([from]) === canonicalJson([to])) return;
  if (isNested(from) && isNested(to) && Array.isArray(from) === Array.isArray(to)) {
    const [before, after] = [entriesOf(path, from), entriesOf(path, to)];
    for (const key of new Set([...before.keys(), ...after.keys()]))
      compare(key, before.get(key), after.get(key), found);
    return;
  }
  const [before, after] = isText(from) && isText(to) ? differingLines(from, to) : [from, to];
  found.push({ path, from: shown(before), to: shown(after) });
}

/** Of two long texts, such as serveConfigV2, only the lines between what they begin and end with alike. */
function differingLines(from: string, to: string): readonly [string, string] {
  const [before, after] = [from.split('\n'), to.split('\n')];
  const start = before.findIndex((line, index) => line !== after[index]);
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return [before.slice(start, before.length - end).join('\n'), after.slice(start, after.length - end).join('\n')];
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Children by path; those of a list by their name where they have one, as Kubernetes merges them. */
function entriesOf(path: string, value: object): ReadonlyMap<string, unknown> {
  if (!Array.isArray(value)) return new Map(Object.entries(value).map(([key, child]) => [`${path}.${key}`, child]));
  return new Map(
    value.map((child: unknown, index) => {
      const name = isNested(child)
        ? ['name', 'key', 'groupName'].map((key) => Reflect.get(child, key)).find(isText)
        : undefined;
      return [`${path}[${name ?? index}]`, child];
    }),
  );
}

const isText = (value: unknown): value is string => typeof value === 'string';

function shown(value: unknown): string | null {
  if (value === undefined) return null;
  return plainLine(redactText(typeof value === 'string' ? value : canonicalJson(redact(value))), longestValue);
}
