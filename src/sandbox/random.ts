/** Characters of generated names, as Kubernetes picks them: no vowels, nothing that looks alike. */
const suffixCharacters = 'bcdfghjklmnpqrstvwxz2456789';
const hexadecimal = '0123456789abcdef';

/** Names and addresses that look random and repeat for the same seed. */
export interface Random {
  /** A whole number from 0 to below the limit. */
  below(limit: number): number;
  /** As generateName appends it. */
  suffix(length?: number): string;
  hex(length: number): string;
}

/** Mulberry32: small, fast, good enough for names. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = (characters: string, length: number) =>
    Array.from({ length }, () => characters.charAt(below(characters.length))).join('');
  return {
    below,
    suffix: (length = 5) => pick(suffixCharacters, length),
    hex: (length) => pick(hexadecimal, length),
  };
}
