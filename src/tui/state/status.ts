import { createCell } from './source.ts';

/** What a screen says of itself in the footer. */
export interface Status {
  /** When nothing else is to be said there. */
  readonly text: string;
  /** The part of it that stands there also beside what just happened. */
  readonly lasting: string;
}

export const sameStatus = (a: Status, b: Status): boolean => a.text === b.text && a.lasting === b.lasting;

export const silent = createCell<Status>({ text: '', lasting: '' });
