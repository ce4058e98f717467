import { useEffect, useState } from 'react';
import type * as z from 'zod';
import type { CallResult } from '../../tools/call.ts';
import { planDeployment } from '../../tools/plan-deployment.ts';
import { useDashboard } from '../state/dashboard.ts';
import type { Form } from './form.ts';

export type Planned = z.output<typeof planDeployment.output>;

/** What is wrong, and with which field; absent = with the whole. */
interface FormProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly path?: string;
}

/** What the tools and the API server say to the form as it stands. */
export interface Check {
  /** `due`: what is said is of the draft as it was before. */
  readonly state: 'due' | 'done';
  readonly problems: readonly FormProblem[];
  /** Absent where it was not even a call. */
  readonly planned?: Planned;
}

/** Milliseconds of rest in typing before the server is asked. */
const rest = 250;

/**
 * Tries the call as long as the form is open, each time it changed, or what is installed did. A try that is overtaken
 * is cancelled. The preview of before stays until there is a new one.
 */
export function useCheck({ input, runtime }: Form): Check {
  const { ask } = useDashboard();
  const key = JSON.stringify([input, runtime?.status?.state]);
  const [told, setTold] = useState<{ readonly key: string; readonly result: CallResult }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the input.
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const result = await ask(planDeployment, input, abort.signal);
      if (result && !abort.signal.aborted) setTold({ key, result });
    }, rest);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [ask, key]);
  if (!told) return { state: 'due', problems: [] };
  return { state: told.key === key ? 'done' : 'due', ...checkOf(told.result) };
}

function checkOf(result: CallResult): Pick<Check, 'problems' | 'planned'> {
  if (result.ok) {
    const planned = planDeployment.output.parse(result.data);
    return { planned, problems: planned.problems.map(({ path, ...problem }) => placed(problem, path)) };
  }
  const { code, message, hint, details } = result.error;
  const { problems } = details;
  if (!Array.isArray(problems)) return { problems: [placed({ code, message, hint })] };
  return {
    problems: problems.map(({ path, message: own }: { path: string; message: string }) =>
      placed({ code, message: own, hint: '' }, path),
    ),
  };
}

/** Refusals that name no field, but are about one. */
const about: Readonly<Record<string, string>> = {
  ALREADY_EXISTS: 'name',
  RUNTIME_NOT_INSTALLED: 'runtime',
  RUNTIME_REQUIRED: 'runtime',
};

/** Next steps in keys, where the tools name an argument that the form has no field for. */
const steps: Readonly<Record<string, string>> = {
  ALREADY_EXISTS: 'Choose another name, or edit (E) or delete it in the list.',
};

function placed(problem: Omit<FormProblem, 'path'>, path = about[problem.code]): FormProblem {
  return { ...problem, hint: steps[problem.code] ?? problem.hint, ...(path !== undefined && { path }) };
}

/** `tolerations[0].key` → `tolerations` */
export const fieldOfPath = (path: string): string => path.split(/[.[]/, 1)[0] ?? path;
