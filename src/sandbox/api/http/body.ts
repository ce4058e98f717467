import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import type { Json } from '../objects/json.ts';
import { ApiError, badRequest, unsupportedMediaType } from '../objects/status.ts';
import { decodeProtobuf } from '../protobuf/decode.ts';

const limit = 3 * 1024 * 1024;

/** The whole body, at most 3 MiB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > limit) {
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export const mediaType = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

const protobuf = 'application/vnd.kubernetes.protobuf';
const objectTypes = ['application/json', 'application/yaml', protobuf];

/** The end of Go's complaint about JSON that does not parse. */
const goSyntax = (text: string, error: unknown): string => {
  const found = /Unexpected token '(.)'/.exec(error instanceof Error ? error.message : '');
  return found === null || text.trim() === ''
    ? 'unexpected end of JSON input'
    : `invalid character '${found[1]}' looking for beginning of value`;
};

function parseJson(text: string, refuse: (why: string) => ApiError): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse(goSyntax(text, error));
  }
}

/** The object in the body of a create or update, which may be written in JSON or YAML. `kind` is for the refusal. */
export async function readObject(request: IncomingMessage, kind: string): Promise<Json> {
  const type = mediaType(request);
  const data = await readBody(request);
  if (type === protobuf) return parseProtobuf(data);
  const text = data.toString('utf8');
  if (type === 'application/yaml') return parseYaml(text);
  if (type !== 'application/json' && type !== '') throw unsupportedMediaType(objectTypes);
  return parseJson(text, (why) =>
    badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${text.slice(0, 30) || '<empty>'})`,
    ),
  );
}

/** The body of a patch: JSON, or YAML where it is applied. */
export async function readPatch(request: IncomingMessage): Promise<Json> {
  const text = (await readBody(request)).toString('utf8');
  if (mediaType(request) === 'application/apply-patch+yaml') return parseYaml(text);
  return parseJson(text, (why) => badRequest(`error decoding patch: ${why}`));
}

/** A body that may be left out, as that of a delete. */
export async function readOptions(request: IncomingMessage): Promise<Json | undefined> {
  const data = await readBody(request);
  if (mediaType(request) === protobuf) return data.length === 0 ? undefined : parseProtobuf(data);
  const text = data.toString('utf8');
  if (text.trim() === '') return undefined;
  return mediaType(request) === 'application/yaml'
    ? parseYaml(text)
    : parseJson(text, (why) => badRequest(`couldn't get version/kind; json parse error: ${why}`));
}

/** Only the kinds that clients are known to send so. */
function parseProtobuf(data: Buffer): Json {
  try {
    const object = decodeProtobuf(data);
    if (object !== undefined) return object;
  } catch (error) {
    throw badRequest(`couldn't get version/kind; protobuf error: ${error instanceof Error ? error.message : error}`);
  }
  throw unsupportedMediaType(['application/json', 'application/yaml']);
}

function parseYaml(text: string): Json {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw badRequest(`error decoding YAML: error converting YAML to JSON: yaml: ${why}`);
  }
}
