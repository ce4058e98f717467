import { useEffect } from 'react';
import type { Deployment } from '../../foundry/deployment.ts';
import { deployModel } from '../../tools/deploy-model.ts';
import { diagnoseDeployment } from '../../tools/diagnose-deployment.ts';
import { useDashboard } from '../state/dashboard.ts';
import { diagnosisKey } from '../state/diagnosed.ts';

/**
 * Milliseconds that one rests on a deployment, and that nothing changes there, before it is diagnosed, and from then to
 * the next diagnosis: each takes up to ten requests. Judged with each tick of the clock.
 */
const wait = { first: 500, next: 30_000 } as const;

/** Finds out why a deployment does not run, as long as somebody looks at it. */
export function useDiagnosis(row: Deployment | undefined): void {
  const { clock, connections, diagnosed, now, read, options } = useDashboard();
  const { asCommands } = options;
  const { name = '', namespace = '', runtime } = row ?? {};
  const key = diagnosisKey(row);
  useEffect(() => {
    if (key === '') return;
    const abort = new AbortController();
    const latest = diagnosed.snapshot();
    let due = latest?.key === key ? latest.at + wait.next : now().getTime() + wait.first;
    const look = async () => {
      if (now().getTime() < due) return;
      due = Number.POSITIVE_INFINITY;
      const diagnosis = await read(diagnoseDeployment, { name, namespace, runtime }, abort.signal);
      if (abort.signal.aborted) return;
      const at = now().getTime();
      // What was found stays where it could not be looked for again.
      const [first] = diagnosis?.findings ?? [];
      const isEdit = first?.fix.startsWith(`${deployModel.name} `) === true;
      const connection = connections.snapshot();
      const context = connection.state === 'open' ? connection.site.cluster.namedContext : undefined;
      const finding = first && { ...first, isEdit, fix: asCommands(first.fix, diagnoseDeployment, { context }) };
      if (diagnosis) diagnosed.set({ key, finding, at });
      due = at + wait.next;
    };
    const leave = clock.subscribe(() => void look());
    return () => {
      leave();
      abort.abort();
    };
  }, [clock, connections, diagnosed, now, read, asCommands, key, name, namespace, runtime]);
}
