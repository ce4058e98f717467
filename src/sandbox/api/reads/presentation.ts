import type { IncomingMessage } from 'node:http';
import type { Call } from '../call.ts';
import { stored } from '../objects/conversion.ts';
import { type JsonObject, without } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { apiVersionOf } from '../objects/resource.ts';
import { ApiError } from '../objects/status.ts';
import { type Included, metadataOnly, table } from '../table/table.ts';
import type { Page } from './list.ts';

type Form = 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';

const served = ['application/json', '*/*', 'application/*', ''];
const accepted = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

function formOf(clause: string): Form | undefined {
  const [type = '', ...parts] = clause.split(';').map((part) => part.trim());
  const parameters = new URLSearchParams(parts.join('&'));
  if (!served.includes(type)) return undefined;
  const as = parameters.get('as');
  if (as === null) return 'object';
  if (parameters.get('g') !== 'meta.k8s.io' || parameters.get('v') !== 'v1') return undefined;
  return as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList' ? as : undefined;
}

/** The first wish of an Accept header that can be met; 406 where none can. */
function acceptedForm(request: IncomingMessage): Form {
  for (const clause of String(request.headers.accept ?? '').split(',')) {
    const form = formOf(clause);
    if (form !== undefined) return form;
  }
  throw new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`);
}

/** Objects in the form that the client asked for: as they are, as tables, or their metadata alone. */
export interface Presenter {
  object(object: ApiObject): JsonObject;
  list(page: Page): JsonObject;
}

/** @throws ApiError 406 */
export function presenterFor(call: Call, request: IncomingMessage): Presenter {
  const { resource, query } = call;
  const form = acceptedForm(request);
  const include = query.get('includeObject');
  const included: Included = include === 'None' || include === 'Object' ? include : 'Metadata';
  const row = (shown: ApiObject) => ({ kept: stored(resource, shown), shown });
  switch (form) {
    case 'Table':
      return {
        object: (object) =>
          table(resource, [row(object)], { resourceVersion: object.metadata.resourceVersion }, included),
        list: ({ items, metadata }) => table(resource, items.map(row), metadata, included),
      };
    case 'PartialObjectMetadata':
    case 'PartialObjectMetadataList':
      return {
        object: metadataOnly,
        list: ({ items, metadata }) => ({
          kind: 'PartialObjectMetadataList',
          apiVersion: 'meta.k8s.io/v1',
          metadata,
          // Go's nil slice: the real server makes this list anew.
          items: items.length === 0 ? null : items.map(metadataOnly),
        }),
      };
    default:
      return {
        object: (object) => object,
        list: ({ items, metadata }) => ({
          kind: resource.listKind,
          apiVersion: apiVersionOf(resource),
          metadata,
          items: resource.custom ? items : items.map((item) => without(item, 'apiVersion', 'kind')),
        }),
      };
  }
}
