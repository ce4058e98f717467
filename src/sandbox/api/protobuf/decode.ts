import type { Json, JsonObject } from '../objects/json.ts';
import { timestamp } from '../objects/object.ts';
import { messages } from './messages.ts';

interface Field {
  readonly name: string;
  readonly type: string;
  readonly form: 'single' | 'list' | 'map';
}

type Message = ReadonlyMap<number, Field>;

function fieldOf(text: string): readonly [number, Field] {
  const [place = '', shown = ''] = text.trim().split(' ');
  const [name = '', number = ''] = place.split('=');
  const form = shown.startsWith('[') ? 'list' : shown.startsWith('{') ? 'map' : 'single';
  return [Number(number), { name, form, type: shown.replaceAll(/[[\]{}]/g, '') }];
}

const known: ReadonlyMap<string, Message> = new Map(
  messages
    .trim()
    .replaceAll(/\n\s+/g, ' ')
    .split('\n')
    .map((line) => {
      const colon = line.indexOf(':');
      return [
        line.slice(0, colon),
        new Map(
          line
            .slice(colon + 1)
            .split(',')
            .map(fieldOf),
        ),
      ];
    }),
);

/** One value on the wire: a number, or the bytes of something longer. */
type Wire = number | Buffer;

/** The fields of a message on the wire, with their numbers. */
function* wireFields(data: Buffer): Generator<readonly [number, Wire]> {
  let position = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = data[position];
      if (byte === undefined) throw new RangeError('the message ends early');
      position += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (position < data.length) {
    const key = varint();
    const type = key % 8;
    if (type === 0) yield [Math.floor(key / 8), varint()];
    else if (type === 2) {
      const length = varint();
      if (position + length > data.length) throw new RangeError('the message ends early');
      yield [Math.floor(key / 8), data.subarray(position, position + length)];
      position += length;
    } else throw new RangeError(`wire type ${type} is not used by Kubernetes`);
  }
}

function timeOf(data: Buffer): string | null {
  const [, seconds] = [...wireFields(data)].find(([number]) => number === 1) ?? [];
  return typeof seconds === 'number' ? timestamp(new Date(seconds * 1000)) : null;
}

function decodeValue(type: string, wire: Wire): Json {
  if (typeof wire === 'number') return type === 'bool' ? wire !== 0 : wire;
  switch (type) {
    case 'string':
      return wire.toString('utf8');
    case 'quantity':
      return decodeValue('string', new Map(wireFields(wire)).get(1) ?? Buffer.of());
    case 'bytes':
      return wire.toString('base64');
    case 'time':
      return timeOf(wire);
    default:
      return decodeMessage(type, wire);
  }
}

function entryOf(type: string, wire: Wire): readonly [string, Json] {
  const fields = new Map(typeof wire === 'number' ? [] : wireFields(wire));
  return [String(decodeValue('string', fields.get(1) ?? Buffer.of())), decodeValue(type, fields.get(2) ?? Buffer.of())];
}

/** Empty texts are how protobuf says nothing at all. */
const isSaid = (value: Json): boolean => value !== '' && value !== null;

function decodeMessage(name: string, data: Buffer): JsonObject {
  const fields = known.get(name);
  const message: { [field: string]: Json } = {};
  for (const [number, wire] of wireFields(data)) {
    const field = fields?.get(number);
    if (field === undefined) continue;
    const { name: target, type, form } = field;
    const before = message[target];
    if (form === 'list') message[target] = [...(Array.isArray(before) ? before : []), decodeValue(type, wire)];
    else if (form === 'map') message[target] = { ...Object(before), ...Object.fromEntries([entryOf(type, wire)]) };
    else {
      const value = decodeValue(type, wire);
      if (isSaid(value)) message[target] = value;
    }
  }
  return message;
}

const magic = Buffer.from('k8s\0');

/** Reads an object in Kubernetes' protobuf envelope; undefined where its kind is none that is known here. */
export function decodeProtobuf(data: Buffer): JsonObject | undefined {
  if (!data.subarray(0, magic.length).equals(magic)) return undefined;
  const envelope = new Map(wireFields(data.subarray(magic.length)));
  const type = envelope.get(1);
  const raw = envelope.get(2);
  if (!Buffer.isBuffer(type)) return undefined;
  const [apiVersion = '', kind = ''] = [1, 2].map((number) => String(new Map(wireFields(type)).get(number) ?? ''));
  if (!known.has(kind)) return undefined;
  return { apiVersion, kind, ...decodeMessage(kind, Buffer.isBuffer(raw) ? raw : Buffer.of()) };
}
