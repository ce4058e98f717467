import { useEffect, useState } from 'react';
import type * as z from 'zod';
import type { Deployment } from '../../foundry/deployment.ts';
import { diagnoseDeployment } from '../../tools/diagnose-deployment.ts';
import { useDashboard } from '../state/dashboard.ts';

/** The first cause that diagnosis names. */
export type Finding = z.output<typeof diagnoseDeployment.output>['findings'][number];

/** Milliseconds that the cursor rests on a deployment, and that nothing changes there, before it is diagnosed: that takes up to ten requests. */
const rest = 1_000;

const sound: readonly Deployment['phase'][] = ['Running', 'Suspended', 'Deleting'];

/** Why a deployment does not run, once somebody looks at it; absent where that is not known, or nothing is wrong. */
export function useFinding(row: Deployment | undefined): Finding | undefined {
  const { read } = useDashboard();
  const [told, setTold] = useState<{ readonly key: string; readonly finding: Finding | undefined }>();
  const { name = '', namespace = '', runtime } = row ?? {};
  const key =
    row === undefined || sound.includes(row.phase)
      ? ''
      : JSON.stringify([namespace, name, runtime, row.phase, row.reason, row.message]);
  useEffect(() => {
    if (key === '') return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const diagnosis = await read(diagnoseDeployment, { name, namespace, runtime }, abort.signal);
      if (!abort.signal.aborted) setTold({ key, finding: diagnosis?.findings[0] });
    }, rest);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [read, key, name, namespace, runtime]);
  return told?.key === key ? told.finding : undefined;
}
