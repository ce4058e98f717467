import { FoundryError } from '../errors.ts';
import type { Resource } from './cluster.ts';
import { checkName, nameFormatOf } from './names.ts';

export interface Place {
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/**
 * Checks names before anything is asked of the server, discovery included.
 *
 * @throws FoundryError INPUT_INVALID
 */
export function checkPlace(group: string, { namespace, name, subresource }: Place): void {
  if (namespace !== undefined) checkName('label', 'namespace', namespace);
  if (name !== undefined) checkName(nameFormatOf(group), 'name', name);
  if (subresource !== undefined) checkName('subresource', 'subresource', subresource);
}

/**
 * The path of a resource, of one object, or of its subresource.
 *
 * @throws FoundryError INPUT_INVALID for a name that is no name, or an object of a namespaced kind without namespace
 */
export function pathOf(resource: Resource, { namespace, name, subresource }: Place): string {
  const { group, version, plural, kind, namespaced } = resource;
  checkPlace(group, { namespace, name, subresource });
  if (namespaced && name !== undefined && namespace === undefined) {
    throw new FoundryError('INPUT_INVALID', `The namespace of ${kind} ${name} is missing.`, 'Pass the namespace.');
  }
  const parts = [
    ...(group ? ['apis', group, version] : ['api', version]),
    ...(namespaced && namespace !== undefined ? ['namespaces', namespace] : []),
    plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return `/${parts.map(encodeURIComponent).join('/')}`;
}
