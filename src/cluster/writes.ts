import { groupOf, type KubernetesObject, textAt } from '../kubernetes.ts';
import type {
  ApplyOptions,
  Cluster,
  DeleteOptions,
  PatchOptions,
  Precondition,
  Resource,
  ResourceName,
} from './cluster.ts';
import { decodeObject, decodeReview } from './decode.ts';
import { checkPlace, type Place, pathOf } from './paths.ts';
import { isMissing, placeOf, resolve, type Session, send, targetOf } from './session.ts';

/** Writing objects of every kind. `fieldManager` owns the fields of writes that do not name another. */
export function createWrites(
  session: Session,
  fieldManager: string,
): Pick<Cluster, 'apply' | 'create' | 'patch' | 'delete'> {
  return {
    apply: async (object, options = {}) => {
      checkPlace(groupOf(object.apiVersion), object.metadata);
      const resource = await resolve(session, nameOf(object), options);
      const place = placeOf(resource, object.metadata);
      const reply = await send(
        session,
        {
          method: 'PATCH',
          path: pathOf(resource, place),
          query: writeQuery(options, fieldManager, { force: options.force || undefined }),
          headers: { 'content-type': 'application/apply-patch+yaml' },
          body: JSON.stringify(guarded(object, options.onlyIf)),
          target: targetOf('patch', resource, place),
          changes: !options.dryRun,
          idempotent: true,
        },
        options,
      );
      forgetServed(session, resource);
      return decodeObject(reply.content, resource);
    },

    create: async (object, options = {}) => {
      const { subresource } = options;
      // The server makes up a name (generateName), or the object is a review and has none.
      const asked: Place = { ...object.metadata, name: object.metadata.name || undefined, subresource };
      checkPlace(groupOf(object.apiVersion), asked);
      const resource = await resolve(session, nameOf(object), options);
      const { namespace, name } = placeOf(resource, asked);
      const review = isReview(resource);
      const reply = await send(
        session,
        {
          method: 'POST',
          path: pathOf(resource, subresource ? { namespace, name, subresource } : { namespace }),
          query: writeQuery(options, fieldManager),
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(object),
          target: targetOf('create', resource, { namespace, name, subresource }),
          changes: !options.dryRun && !review,
          idempotent: options.dryRun === true || review,
        },
        options,
      );
      if (review) return decodeReview(reply.content, resource);
      // A Binding is answered with a Status.
      return textAt(reply.content, 'kind') === 'Status' ? object : decodeObject(reply.content, resource);
    },

    patch: async (name, at, patch, options = {}) => {
      checkPlace(name.group, { ...at, subresource: options.subresource });
      const resource = await resolve(session, name, options);
      const place = { ...placeOf(resource, at), subresource: options.subresource };
      const reply = await send(
        session,
        {
          method: 'PATCH',
          path: pathOf(resource, place),
          query: writeQuery(options, fieldManager),
          headers: { 'content-type': `application/${Array.isArray(patch) ? 'json' : 'merge'}-patch+json` },
          body: JSON.stringify(patch),
          target: targetOf('patch', resource, place),
          changes: !options.dryRun,
          idempotent: true,
        },
        options,
      );
      return decodeObject(reply.content, resource);
    },

    delete: async (name, at, options = {}) => {
      checkPlace(name.group, at);
      const resource = await resolve(session, name, options);
      const place = placeOf(resource, at);
      const { uid, resourceVersion } = options;
      try {
        await send(
          session,
          {
            method: 'DELETE',
            path: pathOf(resource, place),
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(deleteBody(options)),
            target: targetOf('delete', resource, place),
            changes: !options.dryRun,
            idempotent: options.dryRun === true || uid !== undefined || resourceVersion !== undefined,
          },
          options,
        );
        forgetServed(session, resource);
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
  };
}

const nameOf = ({ apiVersion, kind }: KubernetesObject): ResourceName => {
  const group = groupOf(apiVersion);
  return { group, kind, version: group ? apiVersion.slice(group.length + 1) : apiVersion };
};

/** The revision of an empty store: it comes before every object. */
const beforeAll = '1';

/**
 * An apply with a resourceVersion is refused unless the object stands in that one. Where there is no object, it creates
 * one whatever the resourceVersion says: with one that no object has, it creates and never changes.
 *
 * Source: k8s.io/apiserver v0.35 `registry/generic/registry/store.go`, Update
 */
function guarded(object: KubernetesObject, onlyIf: Precondition | undefined): KubernetesObject {
  if (onlyIf === undefined) return object;
  const resourceVersion = onlyIf === 'absent' ? beforeAll : onlyIf.resourceVersion;
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}

/** What the cluster serves changes with its CRDs. */
function forgetServed({ discovery }: Session, { kind }: Resource): void {
  if (kind === 'CustomResourceDefinition') discovery.forget();
}

/** Reviews ask and change nothing, although they are created. */
const isReview = ({ group, kind }: Resource): boolean =>
  ['authentication.k8s.io', 'authorization.k8s.io'].includes(group) && kind.endsWith('Review');

function writeQuery(
  { dryRun, fieldManager }: ApplyOptions | PatchOptions,
  defaultManager: string,
  more: { force?: boolean | undefined } = {},
) {
  // Strict: a field that would be dropped silently is an error.
  return {
    fieldManager: fieldManager ?? defaultManager,
    fieldValidation: 'Strict',
    dryRun: dryRun ? 'All' : undefined,
    ...more,
  };
}

function deleteBody({ propagation = 'Background', uid, resourceVersion, gracePeriodSeconds, dryRun }: DeleteOptions) {
  const preconditions = { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) };
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: propagation,
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(uid || resourceVersion ? { preconditions } : {}),
    ...(dryRun ? { dryRun: ['All'] } : {}),
  };
}
