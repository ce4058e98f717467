import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { FoundryError } from '../errors.ts';
import { type KubernetesObject, textAt } from '../kubernetes.ts';
import type { RuntimeId } from '../providers/spec.ts';
import type { Site } from './site.ts';
import { plainLine } from './untrusted-text.ts';

/** Milliseconds between two signs of life. */
const renewEvery = 3_000;
/** Milliseconds without a sign of life after which a holder counts as dead. Seen with our own clock: clocks differ. */
const patience = 15_000;
const lookEvery = 500;
const releaseDeadline = 5_000;

const leases = { group: 'coordination.k8s.io', kind: 'Lease', version: 'v1' };

/** It exists in every cluster, and before the operator's namespace does. */
export const leaseNamespace = 'kube-system';

export interface HoldOptions {
  readonly runtime: RuntimeId;
  /** Who asks. */
  readonly caller: string;
  readonly progress: (message: string) => void;
}

/**
 * Does the work while this process alone may install or uninstall that runtime, in the whole cluster: it holds a Lease
 * and renews it. The signal given to the work aborts when the hold is lost.
 *
 * @throws FoundryError CONFLICT naming the holder that is alive; FORBIDDEN where Leases may not be written
 */
export async function whileHolding<Result>(
  site: Site,
  options: HoldOptions,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const hold = createHold(site, options);
  let lease = await hold.take(signal);
  const lost = new AbortController();
  const ended = new AbortController();
  const renewing = (async () => {
    for (;;) {
      await sleep(renewEvery, undefined, { signal: ended.signal });
      try {
        lease = await hold.renew(lease);
      } catch (error) {
        if (error instanceof FoundryError && error.code === 'CONFLICT') return lost.abort(error);
        // The server may be away for a moment; whoever takes over meanwhile is seen by the next attempt.
      }
    }
  })().catch(() => {});
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    ended.abort();
    await renewing;
    await hold.release(lease);
  }
}

function createHold(site: Site, { runtime, caller, progress }: HoldOptions) {
  const { cluster } = site;
  const at = { namespace: leaseNamespace, name: `kubefoundry-${runtime}` };
  const identity = `${plainLine(caller, 100)} on ${hostname()} (${randomBytes(3).toString('hex')})`;
  // MicroTime wants six decimals.
  const now = () => site.now().toISOString().replace('Z', '000Z');
  const isOurs = (lease: KubernetesObject) => holderOf(lease) === identity;
  const held = () => ({
    holderIdentity: identity,
    leaseDurationSeconds: patience / 1000,
    acquireTime: now(),
    renewTime: now(),
  });

  /** Changes the Lease if it is still the one that was seen. */
  const change = (seen: KubernetesObject, spec: object, signal?: AbortSignal) =>
    cluster.patch(leases, at, { metadata: { resourceVersion: seen.metadata.resourceVersion }, spec }, { signal });

  async function create(signal: AbortSignal): Promise<KubernetesObject | undefined> {
    try {
      const metadata = { ...at, labels: { 'app.kubernetes.io/managed-by': 'kubefoundry' } };
      return await cluster.create(
        { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: held() },
        { signal },
      );
    } catch (error) {
      if (isCode(error, 'ALREADY_EXISTS')) return undefined;
      const found = isUncertain(error) ? await cluster.get(leases, at, { signal }) : undefined;
      if (found && isOurs(found)) return found;
      throw error;
    }
  }

  async function takeOver(dead: KubernetesObject, signal: AbortSignal): Promise<KubernetesObject | undefined> {
    try {
      return await change(dead, held(), signal);
    } catch (error) {
      if (isCode(error, 'CONFLICT') || isCode(error, 'NOT_FOUND')) return undefined;
      throw error;
    }
  }

  return {
    async take(signal: AbortSignal): Promise<KubernetesObject> {
      let seen: KubernetesObject | undefined;
      let since = performance.now();
      for (;;) {
        const found = await cluster.get(leases, at, { signal });
        if (found && isOurs(found)) return found;
        const taken = found ? undefined : await create(signal);
        if (taken) return taken;
        if (found && seen && found.metadata.resourceVersion !== seen.metadata.resourceVersion)
          throw busy(runtime, found);
        if (found && !seen) {
          since = performance.now();
          progress(`waiting for a sign of life of ${holderOf(found)}, who works on ${runtime}`);
        }
        if (found && performance.now() - since >= patience) {
          const own = await takeOver(found, signal);
          if (own) return own;
        }
        seen = found;
        await sleep(lookEvery, undefined, { signal });
      }
    },

    async renew(lease: KubernetesObject): Promise<KubernetesObject> {
      try {
        return await change(lease, { renewTime: now() });
      } catch (error) {
        if (!isCode(error, 'CONFLICT') && !isCode(error, 'NOT_FOUND')) throw error;
        // A renewal whose answer was lost was carried out all the same.
        const found = await cluster.get(leases, at);
        if (found && isOurs(found)) return found;
        throw busy(runtime, found);
      }
    },

    /** Lets go, whatever became of the work; what cannot be let go ends by itself. */
    async release({ metadata }: KubernetesObject): Promise<void> {
      const { uid, resourceVersion } = metadata;
      const signal = AbortSignal.timeout(releaseDeadline);
      await cluster.delete(leases, at, { uid, resourceVersion, signal }).catch(() => {});
    },
  };
}

const isCode = (error: unknown, code: string): boolean => error instanceof FoundryError && error.code === code;

/** The server may have carried it out. */
const isUncertain = (error: unknown): boolean => error instanceof FoundryError && error.details.uncertain === true;

const holderOf = (lease: KubernetesObject): string =>
  plainLine(textAt(lease, 'spec', 'holderIdentity') || 'somebody', 200);

function busy(runtime: RuntimeId, lease: KubernetesObject | undefined): FoundryError {
  const holder = lease ? holderOf(lease) : 'somebody';
  const since = textAt(lease, 'spec', 'acquireTime')?.replace(/\.\d+Z$/, 'Z');
  return new FoundryError(
    'CONFLICT',
    `${holder} is installing or uninstalling ${runtime}${since === undefined ? '' : ` since ${since}`}.`,
    'Wait until that ends, then call again; get_runtimes_status shows what came of it.',
    { runtime, holder, since },
  );
}
