import { createHash } from 'node:crypto';
import type { Plan } from '../providers/provider.ts';

/** JSON with the keys of every object in order, so that equal data reads equal. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, content: unknown) =>
    typeof content === 'object' && content !== null && !Array.isArray(content)
      ? Object.fromEntries(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)))
      : content,
  );
}

/** SHA-256 of the canonical JSON, in hex. */
export const digestOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

/**
 * What a human's approval of a plan is bound to: what it does (the objects that it deletes, by uid) and what it says it
 * does. Its warnings inform and change by themselves, as deployments come and go while an upgrade is thought about.
 */
export const approvalOf = ({ summary, steps, blockers }: Plan): string => digestOf({ summary, steps, blockers });
