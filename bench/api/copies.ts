import { textAt, valueAt } from '../../src/kubernetes.ts';

/** The deployments that stand in the simulated cluster; whatever belongs to one bears its name. */
export const templates = { dynamo: 'graph-00000', kuberay: 'ray-00000' } as const;

/** Old enough that ages count days: what a screen shows stays as it is. */
const created = /(?<="creationTimestamp":")[^"]+/g;
const longAgo = '2026-01-01T00:00:00Z';

const uid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * What a cluster with so many deployments would list, from what one with the templates lists (objects, or rows of a
 * table): names and uids differ, all are old, all else is the same. Half of the deployments are on each runtime; one more on Dynamo.
 */
export function copies(items: readonly unknown[], deployments: number): readonly string[] {
  const listed = items.flatMap((item) => {
    const text = JSON.stringify(item);
    if (text.includes(templates.dynamo)) return multiplied(text, templates.dynamo, Math.ceil(deployments / 2));
    if (text.includes(templates.kuberay)) return multiplied(text, templates.kuberay, Math.floor(deployments / 2));
    return [text];
  });
  return listed
    .map((text) => ({ text, key: keyOf(text) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ text }) => text);
}

function multiplied(text: string, name: string, times: number): string[] {
  return Array.from({ length: times }, (_, index) => {
    const number = String(index).padStart(5, '0');
    return text
      .replaceAll(name, name.replace(/\d+$/, number))
      .replace(created, longAgo)
      .replace(uid, (of) => `${of.slice(0, -number.length)}${number}`);
  });
}

/** Lists are in the order of namespace and name. */
function keyOf(text: string): string {
  const item: unknown = JSON.parse(text);
  const object = valueAt(item, 'object') ?? item;
  return `${textAt(object, 'metadata', 'namespace') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`;
}

/** An item of a list as an event of a watch shows it. */
export function withKind(item: string, list: unknown): string {
  const kind = textAt(list, 'kind')?.replace(/List$/, '');
  return JSON.stringify({ kind, apiVersion: textAt(list, 'apiVersion'), ...JSON.parse(item) });
}
