import type { Call } from '../call.ts';
import { served } from '../objects/conversion.ts';
import { at, isText, type Json, type JsonObject } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { selection } from '../objects/selectors.ts';
import { badRequest, expired } from '../objects/status.ts';
import { keyOf } from '../objects/store.ts';
import { listRevision } from './list-options.ts';

export interface Page {
  readonly items: readonly ApiObject[];
  readonly metadata: JsonObject;
}

const encodeContinue = (revision: number, start: string): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start })).toString('base64url');

function decodeContinue(token: string): { revision: number; start: string } {
  let decoded: Json;
  try {
    decoded = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    throw badRequest(
      "invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value",
    );
  }
  const revision = at(decoded, 'rv');
  const start = at(decoded, 'start');
  if (typeof revision !== 'number' || !isText(start))
    throw badRequest('invalid continue token: continue key is not valid');
  return { revision, start };
}

/** One page of a list, or the whole of it where the caller sets no limit. */
export function list(call: Call): Page {
  const { api, resource, query, namespace } = call;
  const { store } = api;
  const limit = Number(query.get('limit') ?? 0);
  const chooses = selection(query, resource);
  const token = query.get('continue') ?? '';
  const wanted = listRevision(query, store.revision);
  const exact = query.get('resourceVersionMatch') === 'Exact' ? wanted : undefined;
  const from = token === '' ? undefined : decodeContinue(token);
  const at = from === undefined ? (exact ?? store.revision) : from.revision < 0 ? store.revision : from.revision;
  const snapshot = store.listAt(resource.table, at, namespace);
  if (snapshot === undefined) {
    if (from === undefined) throw expired(`The resourceVersion for the provided list is too old.`);
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
      { continue: encodeContinue(-1, from.start) },
    );
  }
  const rest = from === undefined ? snapshot : snapshot.filter((object) => keyOfObject(object) > from.start);
  const chosen = chooses === undefined ? rest : rest.filter(chooses);
  const items = limit > 0 ? chosen.slice(0, limit) : chosen;
  const last = items.at(-1);
  const remaining = chosen.length - items.length;
  const metadata: JsonObject = {
    resourceVersion: String(at),
    ...(remaining > 0 && last !== undefined
      ? {
          continue: encodeContinue(at, keyOfObject(last)),
          ...(chooses === undefined ? { remainingItemCount: remaining } : {}),
        }
      : {}),
  };
  return { items: items.map((object) => served(resource, object)), metadata };
}

const keyOfObject = ({ metadata }: ApiObject): string => keyOf(metadata.namespace, metadata.name);
