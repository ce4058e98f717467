import { type KubernetesObject, listAt, numberAt, textAt } from '../../kubernetes.ts';
import type { Endpoint, Snapshot } from '../provider.ts';
import { label } from './reads.ts';

function portOf(service: KubernetesObject): number | undefined {
  const ports = listAt(service, 'spec', 'ports');
  const serve =
    ports.find((port) => textAt(port, 'name') === 'serve') ?? ports.find((port) => numberAt(port, 'port') === 8000);
  return numberAt(serve ?? ports[0], 'port');
}

/**
 * Where the OpenAI API is: `<name>-serve-svc`, or the Service that `spec.serveService` names otherwise; in an incremental upgrade, where each
 * cluster has one, that of the active cluster. null until the operator has made it.
 */
export function endpoint({ primary, objects }: Snapshot): Endpoint | null {
  const services = objects.filter(({ kind }) => kind === 'Service');
  const serving = services.filter((candidate) => textAt(candidate, 'spec', 'selector', label.serve) === 'true');
  const active = textAt(primary, 'status', 'activeServiceStatus', 'rayClusterName');
  const service =
    services.find(({ metadata }) => metadata.name === `${primary.metadata.name}-serve-svc`) ??
    serving.find((candidate) => textAt(candidate, 'spec', 'selector', label.cluster) === active) ??
    serving[0];
  const port = service && portOf(service);
  if (service === undefined || port === undefined) return null;
  return {
    service: service.metadata.name,
    namespace: service.metadata.namespace ?? primary.metadata.namespace ?? '',
    port,
  };
}
