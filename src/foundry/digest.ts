import { createHash } from 'node:crypto';

/** JSON with the keys of every object in order, so that equal data reads equal. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, content: unknown) =>
    typeof content === 'object' && content !== null && !Array.isArray(content)
      ? Object.fromEntries(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)))
      : content,
  );
}

/** SHA-256 of the canonical JSON, in hex: what a human's approval of a plan is bound to. */
export const digestOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');
