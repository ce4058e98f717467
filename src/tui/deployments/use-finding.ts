import { useEffect, useState } from 'react';
import type * as z from 'zod';
import type { Deployment } from '../../foundry/deployment.ts';
import { deployModel } from '../../tools/deploy-model.ts';
import { diagnoseDeployment } from '../../tools/diagnose-deployment.ts';
import { useDashboard } from '../state/dashboard.ts';

/** The first cause that diagnosis names, its fix in the words of the commands. */
export type Finding = z.output<typeof diagnoseDeployment.output>['findings'][number] & {
  /** It changes the deployment itself: here that is made in the form. */
  readonly isEdit: boolean;
};

/**
 * Milliseconds that one rests on a deployment, and that nothing changes there, before it is diagnosed, and from then to
 * the next diagnosis: each takes up to ten requests. Judged with each tick of the clock.
 */
const wait = { first: 500, next: 30_000 } as const;

const sound: readonly Deployment['phase'][] = ['Running', 'Suspended', 'Deleting'];

/** Why a deployment does not run, as long as somebody looks at it; absent where that is not known, or nothing is wrong. */
export function useFinding(row: Deployment | undefined): Finding | undefined {
  const { clock, now, read, options } = useDashboard();
  const { asCommands } = options;
  const [told, setTold] = useState<{ readonly key: string; readonly finding: Finding | undefined }>();
  const { name = '', namespace = '', runtime } = row ?? {};
  const key =
    row === undefined || sound.includes(row.phase)
      ? ''
      : JSON.stringify([namespace, name, runtime, row.phase, row.reason, row.message]);
  useEffect(() => {
    if (key === '') return;
    const abort = new AbortController();
    let due = now().getTime() + wait.first;
    const look = async () => {
      if (now().getTime() < due) return;
      due = Number.POSITIVE_INFINITY;
      const diagnosis = await read(diagnoseDeployment, { name, namespace, runtime }, abort.signal);
      if (abort.signal.aborted) return;
      // What was found stays where it could not be looked for again.
      const [first] = diagnosis?.findings ?? [];
      const isEdit = first?.fix.startsWith(`${deployModel.name} `) === true;
      const finding = first && { ...first, isEdit, fix: asCommands(first.fix, diagnoseDeployment, diagnosis?.context) };
      if (diagnosis) setTold({ key, finding });
      due = now().getTime() + wait.next;
    };
    const leave = clock.subscribe(() => void look());
    return () => {
      leave();
      abort.abort();
    };
  }, [clock, now, read, asCommands, key, name, namespace, runtime]);
  return told?.key === key ? told.finding : undefined;
}
