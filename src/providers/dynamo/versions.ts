import { splitImage } from '../image.ts';
import type { CrdFact } from '../provider.ts';
import { parseVersion, type Version } from '../semantic-version.ts';

/** The runtime version that an image's tag says; undefined for `latest`, digests and tags of one's own. */
export function imageVersion(image: string): Version | undefined {
  const { tag } = splitImage(image);
  return tag === undefined ? undefined : parseVersion(tag);
}

/** Versions of DynamoGraphDeployment that we know, newest first. */
export const knownVersions = ['v1beta1', 'v1alpha1'] as const;
type KnownVersion = (typeof knownVersions)[number];

/** In which versions to read and write, told from the CRD alone; undefined where it serves none that we know. */
export interface UsableVersions {
  readonly served: readonly KnownVersion[];
  readonly read: KnownVersion | undefined;
  readonly write: KnownVersion | undefined;
}

/**
 * v1beta1 is written where it is stored, or where a configured webhook converts it; v1beta1 accepted without one is
 * stripped of its components (ai-dynamo/dynamo #10419). What is stored is read, because reading it needs no conversion:
 * with the operator down every other version fails (#8069).
 */
export function usableVersions(crd: CrdFact): UsableVersions {
  const served = knownVersions.filter((version) => crd.served.includes(version));
  const stored = served.find((version) => version === crd.storage);
  const converts = crd.conversion === 'Webhook' && crd.conversionCa === true;
  const oldest = served.at(-1);
  const write = stored !== undefined && converts ? served[0] : (stored ?? oldest);
  // Who may not read the CRD does not know what is stored: releases since 1.5 store the newest.
  const read = stored ?? (crd.storage === undefined ? served[0] : write);
  return { served, read, write };
}
