import { holdCompilers } from './compilers.ts';
import { atRest, together } from './hold.ts';
import { holdHeap, holdHeapWhileListing } from './small-heap.ts';

/** Keeps a program that stays small at rest: to be told of it. */
export const holdMemoryAtRest = () => atRest(together(holdHeap, holdCompilers));

/** Keeps a server small while a long list comes in. A dashboard paints meanwhile, and keeps its compilers. */
export const holdServerWhileListing = together(holdHeapWhileListing, holdCompilers);
