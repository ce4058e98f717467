import { FoundryError } from '../errors.ts';
import type { ClusterOptions } from './cluster.ts';
import { checkName } from './names.ts';
import { type ApiRequest, describe } from './request.ts';

/**
 * Read-only mode and the namespace fence, judged request by request: no caller can forget them. Outside namespaces the
 * fence allows reads (nodes, CRDs) and, of writes, only those to a Namespace inside it.
 *
 * @throws FoundryError READ_ONLY or FORBIDDEN, from the function that it gives
 */
export function createGuard({ readOnly, namespaces }: Pick<ClusterOptions, 'readOnly' | 'namespaces'>) {
  for (const namespace of namespaces ?? []) checkName('label', 'namespace', namespace);
  return ({ target, changes }: ApiRequest): void => {
    if (readOnly && changes) {
      throw new FoundryError(
        'READ_ONLY',
        `Cannot ${describe(target)}: this is read-only mode.`,
        'Start kubefoundry without --read-only to change the cluster.',
        { verb: target.verb, resource: target.plural, namespace: target.namespace },
      );
    }
    if (!namespaces) return;
    const isNamespace = target.group === '' && target.plural === 'namespaces';
    const touched = isNamespace ? target.name : target.namespace;
    if (!target.namespaced && !changes) return;
    if (touched !== undefined && namespaces.includes(touched)) return;
    throw new FoundryError(
      'FORBIDDEN',
      `Cannot ${describe(target)}: kubefoundry was started for ${namespaces.join(', ')} only.`,
      `Use one of these namespaces, or start kubefoundry with another --namespaces.`,
      { verb: target.verb, resource: target.plural, namespace: target.namespace, namespaces },
    );
  };
}
