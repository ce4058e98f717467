import { setFlagsFromString } from 'node:v8';

let holders = 0;

/**
 * Keeps the heap near to what is in use until it is released. While a long list comes in, all that is read is rubbish a
 * moment later: left alone, the space for what is new grows to 128 MB for it, which stay resident. Not always: what
 * runs meanwhile, such as the painting of frames, is held up by many small collections.
 */
export function holdHeap(): () => void {
  holders += 1;
  if (holders === 1) setFlagsFromString('--optimize-for-size');
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    holders -= 1;
    if (holders === 0) setFlagsFromString('--no-optimize-for-size');
  };
}
