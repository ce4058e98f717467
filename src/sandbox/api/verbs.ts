import type { IncomingMessage, ServerResponse } from 'node:http';
import { review } from './access/reviews.ts';
import type { Call } from './call.ts';
import { mediaType, readObject, readOptions, readPatch } from './http/body.ts';
import { respond } from './http/respond.ts';
import { served } from './objects/conversion.ts';
import { decodeObject } from './objects/decode.ts';
import type { JsonObject } from './objects/json.ts';
import type { ApiObject } from './objects/object.ts';
import { methodNotAllowed } from './objects/status.ts';
import { list } from './reads/list.ts';
import { checkListOptions } from './reads/list-options.ts';
import { presenterFor } from './reads/presentation.ts';
import { watch } from './reads/watch.ts';
import { bindPod, serveSubresource } from './subresources/subresources.ts';
import { deleteCollection, deleteOne, deleteOptions, dryRunInBody } from './writes/delete.ts';
import { patch } from './writes/patch.ts';
import { create, current, update } from './writes/write.ts';
import { checkWriteOptions } from './writes/write-options.ts';

/** What the server says of old kinds whenever they are used. */
const deprecations: { readonly [table: string]: string } = {
  endpoints: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
};

const bookmarkMilliseconds = 30_000;

/** Carries out a request on a resource itself or on its `status`. */
export async function serveResource(call: Call, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { resource, verb } = call;
  const show = (code: number, body: JsonObject): void => {
    setWarnings(call, response);
    respond(request, response, code, body);
  };
  const deprecated = deprecations[resource.table];
  if (deprecated !== undefined) call.warnings.push(deprecated);
  const present = presenterFor(call, request);
  if (verb !== 'patch') checkWriteOptions(call);
  const showObject = (code: number, object: ApiObject): void => show(code, present.object(object));
  if (call.subresource !== undefined && call.subresource !== 'status') {
    return serveSubresource(call, request, show);
  }
  switch (verb) {
    case 'get':
      return showObject(200, current(call));
    case 'list':
      checkListOptions(call.query, false);
      return show(200, present.list(list(call)));
    case 'watch':
      checkListOptions(call.query, true);
      return watch(call, response, { bookmarkMilliseconds, present: present.object });
    case 'create': {
      const object = decodeObject(await readObject(request, resource.kind), resource);
      if (resource.table === 'bindings') return show(201, bindPod(call, object).body);
      const answered = review(call, object);
      return show(201, answered ?? create(call, object));
    }
    case 'update': {
      const object = decodeObject(await readObject(request, resource.kind), resource);
      return showObject(200, update(call, object, current(call)));
    }
    case 'patch': {
      const { code, object } = patch(call, mediaType(request), await readPatch(request));
      return showObject(code, object);
    }
    case 'delete': {
      const body = await readOptions(request);
      const { code, body: answer } = deleteOne(withDryRun(call, dryRunInBody(body)), deleteOptions(body, call.query));
      return show(code, answer);
    }
    case 'deletecollection': {
      const body = await readOptions(request);
      const gone = deleteCollection(withDryRun(call, dryRunInBody(body)), deleteOptions(body, call.query));
      const items = gone.map((object) => served(resource, object));
      return show(200, present.list({ items, metadata: { resourceVersion: String(call.api.store.revision) } }));
    }
    default:
      throw methodNotAllowed();
  }
}

function withDryRun(call: Call, wanted: boolean): Call {
  if (!wanted) return call;
  const query = new URLSearchParams(call.query);
  query.set('dryRun', 'All');
  return { ...call, query };
}

export function setWarnings({ warnings }: Call, response: ServerResponse): void {
  const lines = [...new Set(warnings)].map((text) => `299 - ${JSON.stringify(text)}`);
  if (lines.length > 0) response.setHeader('Warning', lines);
}
