import { at, equal, isText, type Json, type JsonObject, listOr, objectOr, textOr, without } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import type { ServedResource } from '../objects/resource.ts';
import type { FieldFault } from '../objects/status.ts';
import { isMissing, podFaults, required, workloadFaults } from './pod-validation.ts';

function serviceFaults(spec: JsonObject): readonly FieldFault[] {
  const ports = listOr(spec.ports);
  if (ports.length === 0 && spec.clusterIP !== 'None' && spec.type !== 'ExternalName') return [required('spec.ports')];
  return ports.flatMap((port, index) => [
    ...(isMissing(at(port, 'port')) ? [required(`spec.ports[${index}].port`)] : []),
    ...(ports.length > 1 && isMissing(at(port, 'name')) ? [required(`spec.ports[${index}].name`)] : []),
  ]);
}

function definitionFaults(definition: ApiObject): readonly FieldFault[] {
  const group = textOr(at(definition, 'spec', 'group'));
  const plural = textOr(at(definition, 'spec', 'names', 'plural'));
  const { name } = definition.metadata;
  const faults: FieldFault[] = [];
  if (name !== `${plural}.${group}`) {
    faults.push({
      field: 'metadata.name',
      reason: 'FieldValueInvalid',
      words: `Invalid value: "${name}": must be spec.names.plural+"."+spec.group`,
    });
  }
  const versions = listOr(at(definition, 'spec', 'versions'));
  if (versions.filter((version) => at(version, 'storage') === true).length !== 1) {
    faults.push({
      field: 'spec.versions',
      reason: 'FieldValueInvalid',
      words: `Invalid value: ${JSON.stringify(versions)}: must have exactly one version marked as storage version`,
    });
  }
  return faults;
}

/** The fields of a pod's spec that may still change, and the containers' images. */
const changeable = ['activeDeadlineSeconds', 'tolerations', 'terminationGracePeriodSeconds'];

const withoutImages = (containers: Json | undefined): readonly Json[] =>
  listOr(containers).map((container) => without(objectOr(container), 'image', 'resources'));

function frozen(pod: ApiObject): JsonObject {
  const spec = objectOr(pod.spec);
  return {
    ...without(spec, ...changeable, 'schedulingGates', 'ephemeralContainers'),
    containers: withoutImages(spec.containers),
    initContainers: withoutImages(spec.initContainers),
  };
}

/** What may not change once it is set; again only the commonest. */
export function changeFaults(resource: ServedResource, next: ApiObject, previous: ApiObject): readonly FieldFault[] {
  const immutable = (field: string, value: Json | undefined): FieldFault => ({
    field,
    reason: 'FieldValueInvalid',
    words: `Invalid value: ${JSON.stringify(value)}: field is immutable`,
  });
  switch (resource.table) {
    case 'pods':
      return equal(frozen(next), frozen(previous))
        ? []
        : [
            {
              field: 'spec',
              reason: 'FieldValueForbidden',
              words:
                'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
            },
          ];
    case 'deployments.apps':
    case 'replicasets.apps':
      return equal(at(next, 'spec', 'selector'), at(previous, 'spec', 'selector'))
        ? []
        : [immutable('spec.selector', at(next, 'spec', 'selector'))];
    default:
      return [];
  }
}

const keyFault = (key: string): readonly FieldFault[] =>
  /^[-._a-zA-Z0-9]+$/.test(key)
    ? []
    : [
        {
          field: `data[${key}]`,
          reason: 'FieldValueInvalid',
          words: `Invalid value: "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
        },
      ];

/** The commonest faults of built-in kinds, in the words of the real server; it knows many more. */
export function builtinFaults(resource: ServedResource, object: ApiObject): readonly FieldFault[] {
  const spec = objectOr(object.spec);
  switch (resource.table) {
    case 'configmaps':
    case 'secrets':
      return Object.keys(objectOr(object.data)).flatMap(keyFault);
    case 'pods':
      return podFaults(spec, 'spec');
    case 'deployments.apps':
    case 'replicasets.apps':
    case 'statefulsets.apps':
    case 'daemonsets.apps':
      return workloadFaults(spec);
    case 'services':
      return serviceFaults(spec);
    case 'customresourcedefinitions.apiextensions.k8s.io':
      return definitionFaults(object);
    case 'events':
      return isText(at(object, 'involvedObject', 'namespace')) || isMissing(at(object, 'involvedObject', 'kind'))
        ? []
        : clusterEventFaults(object);
    default:
      return [];
  }
}

/** An event about an object without a namespace lives in `default`. */
const clusterEventFaults = ({ metadata }: ApiObject): readonly FieldFault[] =>
  ['default', 'kube-system'].includes(metadata.namespace ?? '')
    ? []
    : [
        {
          field: 'involvedObject.namespace',
          reason: 'FieldValueInvalid',
          words: 'Invalid value: "": does not match event.namespace',
        },
      ];
