/** Ray versions whose `rayproject/ray-llm` image is known, newest first. The suffix changes with Ray's minor version, so it is never computed. */
const rayLlmTags = {
  '2.58.0': '2.58.0-py312-cu130',
  '2.56.0': '2.56.0-py312-cu130',
  '2.55.0': '2.55.0-py311-cu128',
  '2.54.0': '2.54.0-py311-cu128',
  '2.53.0': '2.53.0-py311-cu128',
  '2.52.0': '2.52.0-py311-cu128',
} as const satisfies Readonly<Record<string, string>>;

const repository = 'rayproject/ray-llm';

export const defaultRayVersion = '2.58.0';

export const defaultImage = `${repository}:${rayLlmTags[defaultRayVersion]}`;

/**
 * The Ray version that the tag of a Ray image begins with (`…/ray-llm:2.58.0-py312-cu130` → `2.58.0`);
 * undefined for digests, and for images of other names, whose tags number something else.
 */
export function rayVersionOf(image: string): string | undefined {
  const [, name, tag] = /([^/:@]+):([^:/@]+)(?:@.*)?$/.exec(image) ?? [];
  if (name === undefined || tag === undefined || !/(?:^|[-_.])ray(?:[-_.]|$)/.test(name)) return undefined;
  return /^v?(\d+\.\d+\.\d+)(?![\d.])/.exec(tag)?.[1];
}

/** `rayproject/ray-llm` has no tags of the bare version: the full image for one that was written so, if it is known. */
export function fullImageOf(image: string): string | undefined {
  const bare = /^(?:docker\.io\/)?rayproject\/ray-llm:(\d+\.\d+\.\d+)$/.exec(image)?.[1];
  if (bare === undefined) return undefined;
  const known: Readonly<Record<string, string>> = rayLlmTags;
  const tag = known[bare];
  return tag === undefined ? undefined : `${repository}:${tag}`;
}
