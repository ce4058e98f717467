import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Call, isDryRun } from '../call.ts';
import { mediaType, readOptions } from '../http/body.ts';
import { at, equal, isList, isObject, isText, type Json, type JsonObject, listOr, objectOr } from '../objects/json.ts';
import { type ApiObject, timestamp } from '../objects/object.ts';
import {
  ApiError,
  badRequest,
  conflict,
  invalid,
  methodNotAllowed,
  qualified,
  type Status,
} from '../objects/status.ts';
import { deleteOptions, remove } from '../writes/delete.ts';
import { applyJsonPatch } from '../writes/json-patch.ts';
import { mergePatch } from '../writes/patch.ts';
import { commit, current } from '../writes/write.ts';
import { rescale, scaleOf } from './scale.ts';

const success: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

interface Answer {
  readonly code: number;
  readonly body: JsonObject;
}

async function scale(call: Call, body: Json | undefined, contentType: string): Promise<Answer> {
  const { resource, verb } = call;
  const before = scaleOf(resource, current(call));
  switch (verb) {
    case 'get':
      return { code: 200, body: before };
    case 'update':
      return { code: 200, body: scaleOf(resource, rescale(call, body ?? {}, current(call))) };
    case 'patch': {
      const after =
        contentType === 'application/json-patch+json' && isList(body)
          ? applyJsonPatch(before, body)
          : mergePatch(before, body ?? {});
      return { code: 200, body: scaleOf(resource, rescale(call, after, current(call))) };
    }
    default:
      throw new ApiError(
        405,
        'MethodNotAllowed',
        `${verb} is not supported on resources of kind "${qualified(resource)}"`,
        { group: resource.group, kind: resource.plural },
      );
  }
}

/** What the scheduler does: puts a pod on a node, once. */
function bind(call: Call, body: Json | undefined): Answer {
  const pod = current(call);
  const node = at(body, 'target', 'name');
  if (!isText(node) || node === '')
    throw badRequest('Binding in version "v1" cannot be handled as a Binding: target.name is required');
  const bound = at(pod, 'spec', 'nodeName');
  if (isText(bound)) {
    throw conflict(
      { group: '', plural: 'pods/binding', kind: 'Binding' },
      pod.metadata.name,
      `pod ${pod.metadata.name} is already assigned to node "${bound}"`,
    );
  }
  const conditions = listOr(at(pod, 'status', 'conditions')).filter(
    (condition) => at(condition, 'type') !== 'PodScheduled',
  );
  const next: ApiObject = {
    ...pod,
    spec: { ...objectOr(pod.spec), nodeName: node },
    status: {
      ...objectOr(pod.status),
      conditions: [
        ...conditions,
        { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: timestamp() },
      ],
    },
  };
  // Nobody owns what a binding sets.
  commit(call, next, pod, (_call, object) => object);
  return { code: 201, body: success };
}

/** POST to `bindings`: the same for the pod that the Binding names. */
export function bindPod(call: Call, binding: ApiObject): Answer {
  const resource = call.api.registry.find('v1', 'pods') ?? call.resource;
  return bind({ ...call, resource, name: binding.metadata.name }, binding);
}

function evict(call: Call, body: Json | undefined): Answer {
  const pod = current(call);
  remove(call, pod, deleteOptions(at(body, 'deleteOptions'), call.query), isDryRun(call));
  return { code: 201, body: success };
}

const shortestToken = 600;

/** A token for a ServiceAccount, accepted until the server stops. */
function requestToken(call: Call, body: Json | undefined): Answer {
  const account = current(call);
  const { name, namespace } = account.metadata;
  const seconds = at(body, 'spec', 'expirationSeconds');
  if (typeof seconds === 'number' && seconds < shortestToken) {
    const words = `Invalid value: ${seconds}: may not specify a duration less than 10 minutes`;
    throw invalid({ group: 'authentication.k8s.io', plural: 'tokenrequests', kind: 'TokenRequest' }, '', [
      { field: 'spec.expirationSeconds', reason: 'FieldValueInvalid', words },
    ]);
  }
  const token = randomBytes(32).toString('base64url');
  call.api.identities.add(token, { user: `system:serviceaccount:${namespace}:${name}`, groups: [] });
  const lifetime = typeof seconds === 'number' ? seconds : 3600;
  return {
    code: 201,
    body: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: timestamp() },
      spec: { ...objectOr(at(body, 'spec')), expirationSeconds: lifetime },
      status: { token, expirationTimestamp: timestamp(new Date(Date.now() + lifetime * 1000)) },
    },
  };
}

function finalize(call: Call, body: Json | undefined): Answer {
  const namespace = current(call);
  const finalizers = listOr(at(body, 'spec', 'finalizers'));
  const next = { ...namespace, spec: { ...objectOr(namespace.spec), finalizers } };
  return { code: 200, body: equal(next, namespace) ? namespace : commit(call, next, namespace) };
}

/** Carries out a request on a subresource that is no view of the object itself. */
export async function serveSubresource(
  call: Call,
  request: IncomingMessage,
  respond: (code: number, body: JsonObject) => void,
): Promise<void> {
  const type = mediaType(request);
  const body = await readOptions(request);
  const answer = await answerTo(call, body, type);
  respond(answer.code, answer.body);
}

async function answerTo(call: Call, body: Json | undefined, type: string): Promise<Answer> {
  switch (call.subresource) {
    case 'scale':
      return scale(call, body, type);
    case 'binding':
      return bind(call, body);
    case 'eviction':
      return evict(call, isObject(body) ? body : {});
    case 'token':
      return requestToken(call, body);
    case 'finalize':
      return finalize(call, body);
    default:
      throw methodNotAllowed();
  }
}
