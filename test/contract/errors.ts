import { describe, expect, test } from 'vitest';
import { type ErrorCode, errorStatus } from '../../src/errors.ts';
import { type Case, provoked } from './error-cases.ts';
import type { World } from './world.ts';

/** Codes that these tools do not answer with on a cluster that has both runtimes, and why. */
const unprovoked: Readonly<Record<Exclude<ErrorCode, keyof typeof provoked>, string>> = {
  RUNTIME_NOT_INSTALLED: 'both runtimes are here; provoked on the bare cluster and where CRDs disappear',
  HELM_MISSING: 'without helm install_runtime gives the commands instead; tried on the bare cluster',
  INTERNAL: 'stands for a bug of ours',
};

/** Every code of design §7, on a cluster that has both runtimes. */
export function describeErrors(world: () => World): void {
  describe('an error', () => {
    const cases = Object.entries<Case>(provoked).map(([code, each]) => ({ code, ...each }));
    test.each(cases)('$code when $when', async ({ code, provoke, says }) => {
      const answer = await provoke(world());
      expect(answer).toMatchObject({ code });
      expect(answer.text).toMatch(says);
      expect(answer.text).toMatch(/\nHint: \S/);
    });

    test('of every code is provoked, or there is a reason why not', () => {
      expect(Object.keys({ ...provoked, ...unprovoked }).sort()).toEqual(Object.keys(errorStatus).sort());
    });
  });
}
