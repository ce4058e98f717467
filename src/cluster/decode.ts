import { FoundryError } from '../errors.ts';
import type { KubernetesObject, ObjectMeta } from '../kubernetes.ts';
import { textAt, valueAt } from '../kubernetes.ts';
import type { Resource } from './cluster.ts';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMeta = (value: unknown): value is ObjectMeta => isRecord(value) && typeof value.name === 'string';

/**
 * An object of a resource as the server sent it. Items of lists leave out apiVersion and kind; they get them here.
 *
 * @throws FoundryError INTERNAL when it has no name, so that it cannot be one
 */
export function decodeObject(value: unknown, { group, version, kind, plural }: Resource): KubernetesObject {
  const metadata = valueAt(value, 'metadata');
  if (!isRecord(value) || !isMeta(metadata)) {
    throw new FoundryError(
      'INTERNAL',
      `The API server sent something without a name as ${kind}.`,
      `Look at it with: kubectl get ${plural} -o json`,
    );
  }
  const apiVersion = textAt(value, 'apiVersion') ?? (group ? `${group}/${version}` : version);
  return { ...value, apiVersion, kind: textAt(value, 'kind') ?? kind, metadata };
}

/** Reviews are questions: their answers have no name, here an empty one. */
export function decodeReview(value: unknown, resource: Resource): KubernetesObject {
  return decodeObject({ ...(isRecord(value) ? value : {}), metadata: { name: '' } }, resource);
}
