import type { KubernetesObject } from '../kubernetes.ts';
import { type Kept, keep, withoutRepetition } from '../providers/kept.ts';
import type { Filing, Provider, Query } from '../providers/provider.ts';
import { createPacker, type Packing, textOf } from './packing.ts';
import { createTextSharing } from './shared-texts.ts';

/** An object as live views hold it. */
export interface Packed extends Packing {
  /** Under what its provider files it; undefined = it belongs to no deployment. */
  readonly file: string | undefined;
}

export type Pack = (object: KubernetesObject) => Packed;

/** Packs the primaries, filed under their places, with all that their manifests are shown from. */
export function primaryPacker(): Pack {
  const pack = createPacker();
  return (object) => ({ file: placeIn(object), ...pack(withoutRepetition(object)) });
}

/** Packs what a provider's reading looks at in the objects that answer a query. */
export function packerOf({ reading }: Provider, { group, kind }: Query): Pack {
  const { filing, resources } = reading;
  const pack = createPacker();
  const share = createTextSharing();
  const keeps = resources.find((resource) => resource.group === group && resource.kind === kind)?.keeps;
  const kept: Kept = keeps ? { ...keeps, apiVersion: true, kind: true } : true;
  return (object) => {
    // What belongs together is mostly listed together.
    const file = fileOf(filing, object);
    return { file: file && share(file), ...pack(keep(object, kept)) };
  };
}

/** `namespace/name`. */
export const placeIn = ({ metadata }: Pick<KubernetesObject, 'metadata'>): string =>
  // Joined, a text lies in one piece.
  [metadata.namespace ?? '', metadata.name].join('/');

export const unpack = (packed: Packed): KubernetesObject => JSON.parse(textOf(packed));

/** An object that others broke belongs to nobody. */
function fileOf(filing: Filing, object: KubernetesObject): string | undefined {
  try {
    return filing.fileOf(object);
  } catch {
    return undefined;
  }
}
