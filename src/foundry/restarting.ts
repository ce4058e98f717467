import { FoundryError } from '../errors.ts';
import type { Change } from './changing.ts';
import type { Deployment } from './deployment.ts';

/** Every pod anew; a request beside what we applied, so that deploying the same again finds nothing changed. */
export const restarting: Change = {
  verb: 'Restart',
  done: 'being restarted',
  reason: 'Restarted',
  applied: false,
  changes(provider, { deployment }, snapshot, facts) {
    const refusal = whyNotNow(deployment);
    if (refusal) throw refusal;
    return provider.changing.restart(snapshot, facts);
  },
};

function whyNotNow({ kind, namespace, name, phase, upgrading, stale, message }: Deployment): FoundryError | undefined {
  const what = `${kind} ${namespace}/${name}`;
  const ref = JSON.stringify({ name, namespace });
  const wait = `Wait until that is over; what holds it up: diagnose_deployment ${ref}`;
  if (phase === 'Suspended') {
    const start = `Start it: scale_deployment ${JSON.stringify({ name, namespace, replicas: 1 })}`;
    return new FoundryError('CONFLICT', `${what} is stopped: there is nothing to restart.`, start);
  }
  if (upgrading) {
    return new FoundryError('CONFLICT', `A change of ${what} is under way already. ${message}`, wait);
  }
  if (!stale) return undefined;
  return new FoundryError('CONFLICT', `The operator has not acted on the last change of ${what} yet. ${message}`, wait);
}
