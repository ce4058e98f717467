import { type KubernetesObject, listAt, numberAt, textAt } from '../../kubernetes.ts';
import type { Endpoint, Snapshot } from '../provider.ts';
import { readGraph } from './graph.ts';
import { componentLabel, componentTypeLabel } from './labels.ts';

const defaultPort = 8000;

function portOf(service: KubernetesObject): number | undefined {
  const ports = listAt(service, 'spec', 'ports');
  const http =
    ports.find((port) => textAt(port, 'name') === 'http') ??
    ports.find((port) => numberAt(port, 'port') === defaultPort);
  return numberAt(http, 'port');
}

/**
 * Where the OpenAI API answers: the Service of a frontend, found by what it selects, since its name follows the
 * component's; with several frontends that of the first in the spec. Null until there is one.
 */
export function endpoint({ primary, objects }: Snapshot): Endpoint | null {
  const order = readGraph(primary)
    .components.filter(({ role }) => role === 'frontend')
    .map(({ name }) => name.toLowerCase());
  const services = objects
    .filter(({ kind }) => kind === 'Service')
    .flatMap((service) => {
      const selected = textAt(service, 'spec', 'selector', componentLabel) ?? service.metadata.labels?.[componentLabel];
      const type = textAt(service, 'spec', 'selector', componentTypeLabel);
      const position = order.indexOf((selected ?? '').toLowerCase());
      const port = portOf(service);
      if ((type !== 'frontend' && position < 0) || port === undefined) return [];
      return [{ service, port, position: position < 0 ? order.length : position }];
    })
    .sort((one, other) => one.position - other.position);
  const [first] = services;
  if (!first) return null;
  const { name, namespace } = first.service.metadata;
  return { service: name, namespace: namespace ?? primary.metadata.namespace ?? '', port: first.port };
}
