import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the heap near to what is in use. What we read from clusters is rubbish as soon as it is read: a long list makes
 * the space for what is new grow to 128 MB, which stay resident. Costs a little time while lists come in.
 */
export const keepHeapSmall = (): void => setFlagsFromString('--optimize-for-size');
