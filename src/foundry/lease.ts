import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { RuntimeId } from '../providers/spec.ts';
import { busy, holderOf } from './lease-holder.ts';
import type { Site } from './site.ts';
import { plainLine } from './untrusted-text.ts';

/** Milliseconds without a sign of life after which a holder counts as dead. Seen with our own clock: clocks differ. */
const patience = 15_000;
/** Milliseconds without one after which a holder stops its own work: helm has ended, too, when others lose patience. */
export const trusted = 10_000;
/** Milliseconds that one request may take. */
const deadline = 5_000;
const lookEvery = 500;

const leases = { group: 'coordination.k8s.io', kind: 'Lease', version: 'v1' };

/** It exists in every cluster, and before the operator's namespace does. In `kube-system` GKE Autopilot lets nobody write. */
export const leaseNamespace = 'default';

export interface Claim {
  readonly runtime: RuntimeId;
  /** Who asks. */
  readonly caller: string;
  readonly progress: (message: string) => void;
}

/** The Lease on one runtime, for one holder. */
export function claimOn(site: Site, { runtime, caller, progress }: Claim) {
  const { cluster } = site;
  const at = { namespace: leaseNamespace, name: `kubefoundry-${runtime}` };
  const identity = `${plainLine(caller, 100)} on ${hostname()} (${randomBytes(3).toString('hex')})`;
  let lease: KubernetesObject | undefined;
  /** When the last sign of life that stands in the Lease was sent, at the earliest. */
  let proved = performance.now();
  // MicroTime wants six decimals.
  const now = () => site.now().toISOString().replace('Z', '000Z');
  const isOurs = (found: KubernetesObject) => holderOf(found) === identity;
  const held = () => ({
    holderIdentity: identity,
    leaseDurationSeconds: patience / 1000,
    acquireTime: now(),
    renewTime: now(),
  });
  const look = (signal: AbortSignal) => cluster.get(leases, at, { signal, deadline });

  /** Changes the Lease if it is still the one that was seen. */
  const change = ({ metadata: { resourceVersion } }: KubernetesObject, spec: object, signal: AbortSignal) =>
    cluster.patch(leases, at, { metadata: { resourceVersion }, spec }, { signal, deadline });

  async function create(signal: AbortSignal): Promise<KubernetesObject | undefined> {
    try {
      const metadata = { ...at, labels: { 'app.kubernetes.io/managed-by': 'kubefoundry' } };
      proved = performance.now();
      return await cluster.create(
        { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: held() },
        { signal, deadline },
      );
    } catch (error) {
      if (isCode(error, 'ALREADY_EXISTS')) return undefined;
      const found = isUncertain(error) ? await look(signal) : undefined;
      if (found && isOurs(found)) return found;
      throw error;
    }
  }

  async function takeOver(dead: KubernetesObject, signal: AbortSignal): Promise<KubernetesObject | undefined> {
    try {
      proved = performance.now();
      return await change(dead, held(), signal);
    } catch (error) {
      if (isCode(error, 'CONFLICT') || isCode(error, 'NOT_FOUND')) return undefined;
      throw error;
    }
  }

  async function taken(signal: AbortSignal): Promise<KubernetesObject> {
    let seen: KubernetesObject | undefined;
    let since = performance.now();
    for (;;) {
      const found = await look(signal);
      if (found && isOurs(found)) return found;
      const own = found ? undefined : await create(signal);
      if (own) return own;
      if (found && seen && found.metadata.resourceVersion !== seen.metadata.resourceVersion) throw busy(runtime, found);
      if (found && !seen) {
        since = performance.now();
        progress(`waiting for a sign of life of ${holderOf(found)}, who works on ${runtime}`);
      }
      if (found && performance.now() - since >= patience) {
        const inherited = await takeOver(found, signal);
        if (inherited) return inherited;
      }
      seen = found;
      await sleep(lookEvery, undefined, { signal });
    }
  }

  return {
    title: `${at.namespace}/${at.name}`,

    /** Milliseconds for which the hold counts without another sign of life. */
    left: (): number => proved + trusted - performance.now(),

    async take(signal: AbortSignal): Promise<void> {
      lease = await taken(signal);
    },

    async renew(signal: AbortSignal): Promise<void> {
      while (lease) {
        const sent = performance.now();
        try {
          lease = await change(lease, { renewTime: now() }, signal);
          proved = sent;
          return;
        } catch (error) {
          if (!isCode(error, 'CONFLICT') && !isCode(error, 'NOT_FOUND')) throw error;
          // A renewal whose answer was lost was carried out all the same, at some time: another one proves the hold.
          const found = await look(signal);
          if (!found || !isOurs(found)) throw busy(runtime, found);
          lease = found;
        }
      }
    },

    /** Lets go, whatever became of the work; what cannot be let go ends by itself. */
    async release(): Promise<void> {
      const signal = AbortSignal.timeout(deadline);
      const remove = async (held: KubernetesObject | undefined) => {
        const { uid, resourceVersion } = held?.metadata ?? {};
        if (held && isOurs(held)) await cluster.delete(leases, at, { uid, resourceVersion, signal });
      };
      // A renewal that was broken off may have been carried out.
      await remove(lease)
        .catch(async (error: unknown) => isCode(error, 'CONFLICT') && (await remove(await look(signal))))
        .catch(() => {});
    },
  };
}

const isCode = (error: unknown, code: string): boolean => error instanceof FoundryError && error.code === code;

/** The server may have carried it out. */
const isUncertain = (error: unknown): boolean => error instanceof FoundryError && error.details.uncertain === true;
