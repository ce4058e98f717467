import { randomBytes } from 'node:crypto';

/** Names are new in every run, so that nothing that is told can be a recording. */
export const random = (word: string): string => `${word}-${randomBytes(2).toString('hex')}`;
