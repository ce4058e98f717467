import type { Call } from '../call.ts';
import { at, isText, type Json, type JsonObject, listOr, objectOr, textOr, without } from '../objects/json.ts';
import { type ApiObject, timestamp } from '../objects/object.ts';
import { invalid } from '../objects/status.ts';
import type { Identity } from './authentication.ts';
import { type Attributes, authorize, grantsOf } from './authorization.ts';

function attributesOf(spec: JsonObject, namespace: string | undefined): Attributes {
  const resource = spec.resourceAttributes;
  if (resource === undefined || resource === null) {
    return {
      verb: textOr(at(spec, 'nonResourceAttributes', 'verb')),
      path: textOr(at(spec, 'nonResourceAttributes', 'path')),
    };
  }
  return {
    verb: textOr(at(resource, 'verb')),
    group: textOr(at(resource, 'group')),
    resource: textOr(at(resource, 'resource')),
    subresource: textOr(at(resource, 'subresource')) || undefined,
    namespace: textOr(at(resource, 'namespace')) || namespace,
    name: textOr(at(resource, 'name')) || undefined,
  };
}

const accessStatus = (call: Call, identity: Identity, spec: JsonObject): JsonObject => {
  const { allowed, reason } = authorize(call.api.store, identity, attributesOf(spec, call.namespace));
  return reason === '' ? { allowed } : { allowed, reason };
};

function rulesStatus({ api, user }: Call, spec: JsonObject): JsonObject {
  const rules = user.groups.includes('system:masters')
    ? [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ]
    : [...grantsOf(api.store, user, textOr(spec.namespace))].flatMap((grant) => grant.rules);
  const has = (field: string) => (rule: Json) => listOr(at(rule, field)).length > 0;
  return {
    resourceRules: rules.filter(has('resources')),
    nonResourceRules: rules.filter(has('nonResourceURLs')),
    incomplete: false,
  };
}

const userInfo = ({ user, groups }: Identity): JsonObject => ({ username: user, groups });

function requireAttributes({ resource }: Call, spec: JsonObject): void {
  if ((spec.resourceAttributes ?? null) !== null || (spec.nonResourceAttributes ?? null) !== null) return;
  const words = 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
  throw invalid(resource, '', [{ field: 'spec.resourceAttributes', reason: 'FieldValueInvalid', words }]);
}

/** Answers the kinds that are questions and are never kept; undefined for every other resource. */
export function review(call: Call, given: ApiObject): JsonObject | undefined {
  const spec = objectOr(given.spec);
  const object: JsonObject = {
    ...given,
    metadata: without(given.metadata, ...(given.metadata.name === '' ? ['name'] : [])),
  };
  switch (call.resource.plural) {
    case 'selfsubjectaccessreviews':
      requireAttributes(call, spec);
      return { ...object, status: accessStatus(call, call.user, spec) };
    case 'subjectaccessreviews':
    case 'localsubjectaccessreviews': {
      requireAttributes(call, spec);
      const groups = listOr(spec.groups).filter(isText);
      return { ...object, status: accessStatus(call, { user: textOr(spec.user), groups }, spec) };
    }
    case 'selfsubjectrulesreviews':
      return { ...object, status: rulesStatus(call, spec) };
    case 'selfsubjectreviews':
      return {
        ...object,
        metadata: { creationTimestamp: timestamp() },
        status: { userInfo: userInfo(call.user) },
      };
    case 'tokenreviews': {
      const identity = call.api.identities.ofToken(textOr(spec.token));
      const status =
        identity === undefined ? { error: 'invalid bearer token' } : { authenticated: true, user: userInfo(identity) };
      return { ...object, status };
    }
    default:
      return undefined;
  }
}
