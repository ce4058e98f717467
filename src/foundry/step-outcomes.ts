import * as z from 'zod';
import type { Plan } from '../providers/provider.ts';

/** A step as it was carried out. */
export const stepOutcome = z.object({
  title: z.string(),
  command: z.string(),
  /** `ok`: a check that was passed. */
  status: z.enum(['done', 'ok', 'failed', 'not run']),
});
export type StepOutcome = z.output<typeof stepOutcome>;

/** The steps of a plan, with those before `reached` done. What was checked was checked while planning. */
export const outcomes = (plan: Plan, reached: number, then: StepOutcome['status']): StepOutcome[] =>
  plan.steps.map((step, index) => ({
    title: step.title,
    command: step.command,
    status:
      step.kind === 'check'
        ? checkOutcome(step.passed)
        : index < reached
          ? 'done'
          : index === reached
            ? then
            : 'not run',
  }));

const checkOutcome = (passed: boolean | null): StepOutcome['status'] =>
  passed === null ? 'not run' : passed ? 'ok' : 'failed';
