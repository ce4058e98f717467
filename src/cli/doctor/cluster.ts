import { FoundryError } from '../../errors.ts';
import { providersFor } from '../../foundry/listing.ts';
import type { Site } from '../../foundry/site.ts';
import { getRuntimesStatus } from '../../tools/get-runtimes-status.ts';
import { installRuntime } from '../../tools/install-runtime.ts';
import { commandThere } from '../as-commands.ts';
import type { Where } from '../where.ts';
import { type Check, failed, ok, warning } from './check.ts';

/** Milliseconds until the server counts as unreachable. */
const deadline = 4_500;

/** Whether the server answers, and with which version. */
export async function reachabilityCheck(site: Site, signal: AbortSignal): Promise<Check> {
  try {
    const version = await site.cluster.version({ signal, deadline });
    return ok('server', `${site.cluster.server} answers, Kubernetes ${version}`);
  } catch (error) {
    return failedBy('server', error);
  }
}

/** Per runtime what is installed and which API versions its CRD serves; what could not be read about the cluster. */
export async function runtimeChecks(site: Site, where: Where, signal: AbortSignal): Promise<readonly Check[]> {
  const facts = await site.facts(signal);
  const runtimes = providersFor(undefined).map(({ id, plural, group, installation }): Check => {
    const found = installation.detect(facts);
    const served = found.apiVersions.length > 0 ? `${plural}.${group}: ${found.apiVersions.join(', ')}` : '';
    const message = [found.message, served].filter((part) => part !== '').join(' ');
    switch (found.state) {
      case 'ready':
        return ok(id, message);
      case 'not_installed':
        return warning(id, message, commandThere(installRuntime, { runtime: id }, where));
      default:
        return warning(id, message, commandThere(getRuntimesStatus, { runtime: id }, where));
    }
  });
  const unread = facts.unread.map(({ what, message }) =>
    warning(`reading ${what}`, message, 'See the permissions below; what is unknown is shown as unknown.'),
  );
  return [...runtimes, ...unread];
}

/** Who would install runtimes here. */
export async function installerCheck(site: Site, signal: AbortSignal): Promise<Check> {
  const { installer } = site;
  const ready = await installer.ready(signal);
  return ready.ok ? ok(installer.name, ready.version ?? 'ready') : warning(installer.name, ready.message, ready.hint);
}

/** Settings that the first KubeFoundry kept in the cluster. Nothing reads them any more. */
export async function leftoverChecks(site: Site, signal: AbortSignal): Promise<readonly Check[]> {
  const at = { namespace: 'kubefoundry-system', name: 'kubefoundry-config' };
  const found = await site.cluster.get({ group: '', kind: 'ConfigMap' }, at, { signal }).catch((error) => {
    // Who may not look there has no use for it either.
    if (error instanceof FoundryError && error.code === 'FORBIDDEN') return undefined;
    throw error;
  });
  if (found === undefined) return [];
  return [
    warning(
      'leftover settings',
      `ConfigMap ${at.namespace}/${at.name} is from a KubeFoundry with one active provider; it is ignored: the runtime is chosen per deployment`,
      `kubectl delete configmap --namespace ${at.namespace} ${at.name}`,
    ),
  ];
}

export function failedBy(name: string, error: unknown): Check {
  if (!(error instanceof FoundryError)) throw error;
  return failed(name, `${error.code}: ${error.message}`, error.hint);
}
