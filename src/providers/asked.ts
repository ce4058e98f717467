import type * as z from 'zod';
import { deploymentSpec } from './spec.ts';

const askedSpec = deploymentSpec.omit({ name: true, namespace: true, runtime: true }).partial();

/** What somebody asked for who got a deployment, its name and place left out. */
export type AskedSpec = z.output<typeof askedSpec>;

/** Of what a manifest says, that which a spec can say: others write more than we do. */
export function askable(found: Readonly<Partial<Record<keyof AskedSpec, unknown>>>): AskedSpec {
  const fits = (field: string, value: unknown): boolean => askedSpec.safeParse({ [field]: value }).success;
  const kept = Object.entries(found).flatMap(([field, value]: readonly [string, unknown]) => {
    const own: unknown = Array.isArray(value) ? value.filter((item) => fits(field, [item])) : value;
    const isEmpty = typeof own === 'object' && own !== null && Object.keys(own).length === 0;
    return own === undefined || own === null || isEmpty || !fits(field, own) ? [] : [[field, own]];
  });
  return askedSpec.parse(Object.fromEntries(kept));
}
