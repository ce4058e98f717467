import type { DeploymentSpec } from '../../providers/spec.ts';
import type { NodeCapacity } from '../capacity/capacity.ts';
import { catalogue } from '../models/catalogue.ts';
import { factsOfRow } from '../models/model-facts.ts';
import { plainLine } from '../untrusted-text.ts';
import { canSpread, longestContext, needOf, spreads } from './need.ts';
import { classesFor, freeRooms, type NodeClass } from './rooms.ts';
import { type Size, sizeOf } from './size.ts';

interface Asked {
  readonly size: Size | null;
  readonly gpus: number;
  readonly replicas: number;
}

type Nodes = readonly NodeCapacity[];

/** The smallest kind of GPU on which all replicas find room now. */
function roomFor(nodes: Nodes, gpus: number, replicas: number, bytes: number): NodeClass | undefined {
  const classes = classesFor(nodes, gpus, { total: bytes });
  return classes.find(({ freeRooms: free }) => free !== null && free >= replicas);
}

const on = (gpus: number, { model }: NodeClass): string =>
  `on ${gpus} ${model === null ? 'GPU' : plainLine(model, 63)}${gpus > 1 && model === null ? 's' : ''}`;

const inGibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** At most this many, the nearest to what was asked first. */
const mostAlternatives = 3;

/** Specs near the one asked for that are known to find room now, as fields to change; computed, not guessed. */
export function alternativesTo(spec: DeploymentSpec, nodes: Nodes, asked: Asked): readonly string[] {
  return [quantized, moreGpus, shorterContext, fewerGpus, fewerReplicas, smallerModel]
    .flatMap((find) => find(spec, nodes, asked) ?? [])
    .slice(0, mostAlternatives);
}

type Find = (spec: DeploymentSpec, nodes: Nodes, asked: Asked) => string | undefined;

/** TensorRT-LLM takes its quantization from the checkpoint alone. */
const quantized: Find = ({ engine }, nodes, { size, gpus, replicas }) => {
  if (!size?.quantizedBytes || engine === 'trtllm' || !canSpread(size.attention, gpus)) return undefined;
  const { total } = needOf(size.quantizedBytes, size.attention, size.tokens, gpus);
  const room = roomFor(nodes, gpus, replicas, total);
  return room && `quantization: "fp8" (${inGibibytes(total)} per GPU) ${on(gpus, room)}`;
};

const moreGpus: Find = (_, nodes, { size, gpus, replicas }) => {
  if (!size) return undefined;
  for (const more of spreads(size.attention).filter((candidate) => candidate > gpus)) {
    const { total } = needOf(size.weightBytes, size.attention, size.tokens, more);
    const room = roomFor(nodes, more, replicas, total);
    if (room) return `gpus: ${more} (${inGibibytes(total)} per GPU) ${on(more, room)}`;
  }
  return undefined;
};

const shorterContext: Find = (_, nodes, { size, gpus, replicas }) => {
  if (!size || !canSpread(size.attention, gpus)) return undefined;
  const rooms = classesFor(nodes, gpus, null)
    .filter(({ memory, freeRooms: free }) => memory !== null && free !== null && free >= replicas)
    .map((room) => {
      const options = { mebibytes: room.memory ?? 0, most: size.tokens };
      return { room, tokens: longestContext(size.weightBytes, size.attention, gpus, options) };
    })
    .toSorted((one, other) => other.tokens - one.tokens);
  const [best] = rooms;
  if (!best || best.tokens === 0 || best.tokens >= size.tokens) return undefined;
  return `contextLength: ${best.tokens} instead of ${size.tokens} ${on(gpus, best.room)}`;
};

const fewerGpus: Find = (_, nodes, { size, gpus, replicas }) => {
  if (!size) return undefined;
  for (const fewer of spreads(size.attention, gpus - 1).toReversed()) {
    const { total } = needOf(size.weightBytes, size.attention, size.tokens, fewer);
    const room = roomFor(nodes, fewer, replicas, total);
    if (room) return `gpus: ${fewer} (${inGibibytes(total)} per GPU) ${on(fewer, room)}`;
  }
  return undefined;
};

const fewerReplicas: Find = ({ mode }, nodes, { size, gpus, replicas }) => {
  if (mode === 'disaggregated' || !size || !canSpread(size.attention, gpus)) return undefined;
  const need = needOf(size.weightBytes, size.attention, size.tokens, gpus);
  const free = freeRooms(classesFor(nodes, gpus, need));
  return free !== null && free > 0 && free < replicas ? `replicas: ${free}` : undefined;
};

/** The largest model of the catalogue that finds room on no more GPUs, without terms to accept first. */
const smallerModel: Find = ({ contextLength }, nodes, { size, gpus: most, replicas }) => {
  const smaller = catalogue
    .filter(({ gated }) => !gated)
    .map((row) => ({ id: row.id, size: sizeOf({ contextLength }, factsOfRow(row)) }))
    .filter(
      (candidate) => candidate.size && candidate.size.weightBytes < (size?.weightBytes ?? Number.POSITIVE_INFINITY),
    )
    .toSorted((one, other) => (other.size?.weightBytes ?? 0) - (one.size?.weightBytes ?? 0));
  for (const { id, size: its } of smaller) {
    for (const gpus of its ? spreads(its.attention, most) : []) {
      const room =
        its && roomFor(nodes, gpus, replicas, needOf(its.weightBytes, its.attention, its.tokens, gpus).total);
      if (room) return `model: ${id}, gpus: ${gpus} ${on(gpus, room)}`;
    }
  }
  return undefined;
};
