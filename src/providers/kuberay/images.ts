import { rayLlmRepository, rayLlmTags } from './releases.ts';

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
  return tag === undefined ? undefined : `${rayLlmRepository}:${tag}`;
}
