import { groupOf, type KubernetesObject, valueAt } from '../../src/kubernetes.ts';
import type { FailedQuery, Have, Provider, Query } from '../../src/providers/provider.ts';

type Requirement = (values: ReadonlyMap<string, string>) => boolean;

/** One term of a label selector: `key`, `!key`, `key=value`, `key==value`, `key!=value`, `key in (a,b)`, `key notin (a,b)`. */
function labelRequirement(term: string): Requirement {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const wanted = new Set(list.split(',').map((value) => value.trim()));
    return (labels) => wanted.has(labels.get(key) ?? '\0') === (operator === 'in');
  }
  const equality = /^([^=!\s]+)\s*(!=|==|=)\s*(\S*)$/.exec(term);
  if (equality) {
    const [, key = '', operator, value = ''] = equality;
    return (labels) => (labels.get(key) === value) === (operator !== '!=');
  }
  if (/^!\S+$/.test(term)) return (labels) => !labels.has(term.slice(1));
  if (/^\S+$/.test(term)) return (labels) => labels.has(term);
  throw new Error(`not a label selector: ${term}`);
}

/** Commas inside parentheses separate values, the others separate terms. */
const terms = (selector: string): readonly string[] =>
  selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '');

function fieldMatches(object: KubernetesObject, term: string): boolean {
  const field = /^([^=!]+)(!=|==|=)(.*)$/.exec(term);
  if (!field) throw new Error(`not a field selector: ${term}`);
  const [, path = '', operator, value] = field;
  return ((valueAt(object, ...path.split('.')) ?? '') === value) === (operator !== '!=');
}

/** What an API server that holds these objects answers to one query. Children may be in another version: group and kind decide. */
function answer(query: Query, objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const labels = terms(query.labelSelector ?? '').map(labelRequirement);
  const fields = terms(query.fieldSelector ?? '');
  return objects.filter(
    (object) =>
      object.kind === query.kind &&
      groupOf(object.apiVersion) === query.group &&
      (query.namespace === undefined || object.metadata.namespace === query.namespace) &&
      labels.every((holds) => holds(new Map(Object.entries(object.metadata.labels ?? {})))) &&
      fields.every((term) => fieldMatches(object, term)),
  );
}

const rounds = 10;

/**
 * Reads what a provider asks for, and nothing else, from a set of objects.
 * Kinds in `unreadable` are refused as an API server refuses them for want of rights.
 */
export function read(
  provider: Provider,
  primaries: readonly KubernetesObject[],
  objects: readonly KubernetesObject[],
  unreadable: readonly string[] = [],
): Have {
  const answered: Query[] = [];
  const failed: FailedQuery[] = [];
  const found = new Set<KubernetesObject>();
  for (let round = 0; round < rounds; round += 1) {
    const queries = provider.reading.reads(primaries, { answered, failed });
    if (queries.length === 0) return { answered, failed, objects: [...found] };
    for (const query of queries) {
      if (unreadable.includes(query.kind)) {
        failed.push({ query, code: 'FORBIDDEN', message: `cannot list ${query.kind}` });
        continue;
      }
      for (const object of answer(query, objects)) found.add(object);
      answered.push(query);
    }
  }
  throw new Error(`${provider.id} still asks for more after ${rounds} rounds`);
}
