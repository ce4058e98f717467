import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds between two collections of what is new, while a long list comes in. */
const collectEvery = 2;

let holders = 0;
let listings = 0;
let collecting: NodeJS.Timeout | undefined;
let collect: (() => void) | undefined;

/**
 * Keeps the heap near to what is in use until it is released, once. Not always: what runs meanwhile, such as the
 * painting of frames, is held up by many small collections. For programs that stay, as it changes flags of a V8 that
 * runs (docs/decisions/0010-small-heap.md).
 */
export function holdHeap(): () => void {
  holders += 1;
  if (holders === 1) setFlagsFromString('--optimize-for-size');
  return () => {
    holders -= 1;
    if (holders === 0) setFlagsFromString('--no-optimize-for-size');
  };
}

/**
 * Holds the heap while a long list comes in, until it is told that all of it is there. What is read is rubbish a moment
 * later: left alone, the space for what is new grows to 128 MB for it, which stay resident, and so do the buffers of
 * the network, which nothing counts. Collected every few milliseconds there is hardly anything to collect.
 */
export function holdHeapWhileListing(): () => void {
  const release = holdHeap();
  listings += 1;
  collect ??= collector();
  collecting ??= setInterval(collect, collectEvery).unref();
  return () => {
    release();
    listings -= 1;
    if (listings > 0) return;
    clearInterval(collecting);
    collecting = undefined;
  };
}

/** V8's own collector. Node gives it to those alone who start with `--expose-gc`; V8 to every context made after. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  return isCollector(found) ? () => found({ type: 'minor' }) : () => {};
}

const isCollector = (value: unknown): value is NodeJS.GCFunction => typeof value === 'function';
