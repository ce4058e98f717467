import { setFlagsFromString } from 'node:v8';

let holders = 0;

/**
 * Keeps the heap near to what is in use until it is released, once. While a long list comes in, all that is read is
 * rubbish a moment later: left alone, the space for what is new grows to 128 MB for it, which stay resident. Not always:
 * what runs meanwhile, such as the painting of frames, is held up by many small collections. For programs that stay, as
 * it changes flags of a V8 that runs (docs/decisions/0010-small-heap.md).
 */
export function holdHeap(): () => void {
  holders += 1;
  if (holders === 1) setFlagsFromString('--optimize-for-size');
  return () => {
    holders -= 1;
    if (holders === 0) setFlagsFromString('--no-optimize-for-size');
  };
}

/** Holds the heap while the program is at rest: to be told of it. */
export function holdHeapAtRest(): (isAtRest: boolean) => void {
  let release: (() => void) | undefined;
  return (isAtRest) => {
    release?.();
    release = isAtRest ? holdHeap() : undefined;
  };
}
