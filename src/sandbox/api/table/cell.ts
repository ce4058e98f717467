import { at, isText, type Json, textOr } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { age } from './age.ts';

/** How a kind is shown: its columns (`Name type priority`, the type `string` unless said) and the cells under them. */
export interface Rows {
  readonly columns: readonly string[];
  readonly cells: (object: ApiObject) => readonly Json[];
}

export const ageOf = ({ metadata }: ApiObject): string => age(metadata.creationTimestamp);

export const orNone = (value: Json | undefined): string => (isText(value) && value !== '' ? value : '<none>');

export const numberOf = (object: Json, ...fields: readonly string[]): number => {
  const value = at(object, ...fields);
  return typeof value === 'number' ? value : 0;
};

export const textOf = (object: Json, ...fields: readonly string[]): string => textOr(at(object, ...fields));
