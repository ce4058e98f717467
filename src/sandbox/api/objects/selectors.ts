import { at, isText, type Json } from './json.ts';
import { labelsMatch } from './label-selector.ts';
import type { ApiObject } from './object.ts';
import type { ServedResource } from './resource.ts';
import { badRequest } from './status.ts';

export type Predicate = (object: ApiObject) => boolean;

/** Fields that may be selected besides the name and the namespace, by table. */
const selectable: { readonly [table: string]: readonly string[] } = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
};

/** Names that the events of `events.k8s.io` have for the fields of the core ones. */
const eventFields: { readonly [field: string]: string } = {
  reportingController: 'reportingComponent',
};

const text = (value: Json | undefined): string => {
  if (isText(value)) return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
};

const fieldOf = (object: ApiObject, field: string): string =>
  text(field === 'source' ? at(object, 'source', 'component') : at(object, ...field.split('.')));

/** The unset value of a field that is not text. */
const unset: { readonly [field: string]: string } = { 'spec.unschedulable': 'false', 'spec.hostNetwork': 'false' };

/** What a field selector asks of an object: `field=value`, `field==value`, `field!=value`, joined by commas. */
function fieldsMatch(selector: string, { table, custom }: ServedResource): Predicate {
  const own = selectable[table];
  const requirements: Predicate[] = [];
  for (const part of selector.split(',')) {
    if (part === '') continue;
    const match = /^([^!=]+)(==|=|!=)(.*)$/.exec(part);
    if (match === null) throw badRequest(`invalid selector: '${selector}'; can't understand '${part}'`);
    const [, given = '', operator, value = ''] = match;
    const field = eventFields[given] ?? given.replace(/^regarding\./, 'involvedObject.');
    if (field !== 'metadata.name' && field !== 'metadata.namespace' && own?.includes(field) !== true) {
      throw badRequest(
        custom || own !== undefined
          ? `field label not supported: ${given}`
          : `"${given}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
      );
    }
    requirements.push((object) => ((fieldOf(object, field) || (unset[field] ?? '')) === value) === (operator !== '!='));
  }
  return (object) => requirements.every((holds) => holds(object));
}

/** Both selectors of a request, as one test of objects; undefined when it has none. */
export function selection(query: URLSearchParams, resource: ServedResource): Predicate | undefined {
  const labels = query.get('labelSelector') ?? '';
  const fields = query.get('fieldSelector') ?? '';
  if (labels === '' && fields === '') return undefined;
  const byLabel = labelsMatch(labels);
  const byField = fieldsMatch(fields, resource);
  return (object) => byLabel(object.metadata.labels ?? {}) && byField(object);
}
