import * as z from 'zod';
import { FoundryError } from '../errors.ts';
import { roles } from '../providers/spec.ts';
import { plainLine } from './untrusted-text.ts';

/** Why one pod of a deployment could not tell what it was asked. */
export const podProblem = z.object({
  pod: z.string(),
  role: z.enum(roles).nullable(),
  reason: z.string(),
  message: z.string(),
});

export type PodProblem = z.output<typeof podProblem>;

type Pod = Pick<PodProblem, 'pod' | 'role'>;

export const podProblemOf = ({ pod, role }: Pod, reason: string, message: string): PodProblem => ({
  pod,
  role,
  reason: plainLine(reason, 100),
  message: plainLine(message),
});

/**
 * What each pod answered, and which did not.
 *
 * @throws the first failure where every pod failed, so that a refusal never looks like an empty answer
 */
export async function askEach<Target extends Pod, Answer>(
  targets: readonly Target[],
  ask: (target: Target) => Promise<Answer>,
): Promise<{ readonly answers: readonly Answer[]; readonly problems: readonly PodProblem[] }> {
  const failed: { readonly target: Target; readonly error: FoundryError }[] = [];
  const answers = await Promise.all(
    targets.map(async (target) => {
      try {
        return [await ask(target)];
      } catch (error) {
        if (!(error instanceof FoundryError)) throw error;
        failed.push({ target, error });
        return [];
      }
    }),
  );
  const [first] = failed;
  if (first && failed.length === targets.length) throw first.error;
  const problems = failed.map(({ target, error }) =>
    podProblemOf(target, error.code, error.message.replace(`${target.pod}: `, '')),
  );
  return { answers: answers.flat(), problems };
}
