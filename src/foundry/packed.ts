import type { KubernetesObject } from '../kubernetes.ts';
import { type Kept, keep, withoutRepetition } from '../providers/kept.ts';
import type { Filing, Provider, Query } from '../providers/provider.ts';

/** An object as text: as such ten thousand of them take a third of the memory, and a collector looks at each once. */
export interface Packed {
  /** Under what its provider files it; undefined = it belongs to no deployment. */
  readonly file: string | undefined;
  readonly text: string;
}

/** Packs what a provider's reading looks at in the objects that answer a query. */
export function packerOf({ reading }: Provider, { group, kind }: Query): (object: KubernetesObject) => Packed {
  const { filing, resources } = reading;
  const keeps = resources.find((resource) => resource.group === group && resource.kind === kind)?.keeps ?? true;
  return (object) => ({ file: fileOf(filing, object), text: packed(object, keeps) });
}

/** Packs a primary, filed under its place: all that its manifest is shown from. */
export const packPrimary = (object: KubernetesObject): Packed => ({
  file: placeIn(object),
  text: JSON.stringify(withoutRepetition(object)),
});

/** `namespace/name`. */
export const placeIn = ({ metadata }: Pick<KubernetesObject, 'metadata'>): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`;

export const unpack = ({ text }: Packed): KubernetesObject => JSON.parse(text);

const packed = (object: KubernetesObject, keeps: Kept): string =>
  JSON.stringify(keeps === true ? object : keep(object, { ...keeps, apiVersion: true, kind: true }));

/** An object that others broke belongs to nobody. */
function fileOf(filing: Filing, object: KubernetesObject): string | undefined {
  try {
    return filing.fileOf(object);
  } catch {
    return undefined;
  }
}
