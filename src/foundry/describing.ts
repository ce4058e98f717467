import type { KubernetesObject } from '../kubernetes.ts';
import type { Provider, Snapshot } from '../providers/provider.ts';
import { type Deployment, describeDeployment } from './deployment.ts';

interface Described {
  readonly snapshot: Snapshot;
  readonly row: Deployment;
}

/** Troubles are told from events that grow old: what does not run is looked at anew after so many milliseconds. */
const troubleLasts = 5_000;

/** Works rows out, but not anew where nothing that belongs to the deployment changed: that costs the more the longer a list is. */
export function createDescriber(provider: Provider): (snapshots: readonly Snapshot[]) => readonly Deployment[] {
  let known = new Map<KubernetesObject, Described>();
  return (snapshots) => {
    const now = new Map<KubernetesObject, Described>();
    for (const snapshot of snapshots) {
      const before = known.get(snapshot.primary);
      const holds = before !== undefined && stillHolds(before, snapshot);
      now.set(snapshot.primary, holds ? before : { snapshot, row: describeDeployment(provider, snapshot) });
    }
    known = now;
    return snapshots.flatMap(({ primary }) => now.get(primary)?.row ?? []);
  };
}

function stillHolds({ snapshot, row }: Described, next: Snapshot): boolean {
  if (row.phase !== 'Running' && next.now.getTime() - snapshot.now.getTime() > troubleLasts) return false;
  return sameItems(snapshot.objects, next.objects) && sameUnread(snapshot, next);
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

/** Failures are made anew each time; what matters is what could not be read. */
const sameUnread = ({ unread: a }: Snapshot, { unread: b }: Snapshot): boolean =>
  a.length === b.length &&
  a.every(({ code, query }, index) => code === b[index]?.code && query.kind === b[index]?.query.kind);
