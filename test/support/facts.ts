import { booleanAt, entriesAt, type KubernetesObject, listAt, numberAt, textAt } from '../../src/kubernetes.ts';
import type { CrdFact, Facts, OperatorFact, Provider } from '../../src/providers/provider.ts';
import { filesIn, foldersIn, kubernetesObjects, truthFolder } from './truth.ts';

/** What discovery finds out about a CRD that its operator has set up: established, and its conversion webhook trusted. */
export function crdFact(definition: KubernetesObject): CrdFact {
  const versions = listAt(definition, 'spec', 'versions');
  const nameOf = (version: unknown) => textAt(version, 'name') ?? '';
  const served = versions.filter((version) => booleanAt(version, 'served') === true);
  return {
    name: definition.metadata.name,
    group: textAt(definition, 'spec', 'group') ?? '',
    plural: textAt(definition, 'spec', 'names', 'plural') ?? '',
    kind: textAt(definition, 'spec', 'names', 'kind') ?? '',
    served: served.map(nameOf),
    storage: nameOf(versions.find((version) => booleanAt(version, 'storage') === true)),
    established: true,
    conversion: textAt(definition, 'spec', 'conversion', 'strategy') === 'Webhook' ? 'Webhook' : 'None',
    conversionCa: true,
    annotations: definition.metadata.annotations,
    specFields: Object.fromEntries(
      served.map((version) => [
        nameOf(version),
        entriesAt(version, 'schema', 'openAPIV3Schema', 'properties', 'spec', 'properties').map(([field]) => field),
      ]),
    ),
  };
}

/** A Kubernetes Deployment as detection sees it, with all its replicas running. */
function operatorFact(workload: KubernetesObject, namespace: string): OperatorFact {
  const containers = listAt(workload, 'spec', 'template', 'spec', 'containers');
  const desired = numberAt(workload, 'spec', 'replicas') ?? 1;
  return {
    namespace: workload.metadata.namespace ?? namespace,
    name: workload.metadata.name,
    labels: workload.metadata.labels ?? {},
    images: containers.map((container) => textAt(container, 'image') ?? ''),
    args: containers.flatMap((container) => listAt(container, 'args')).filter((item) => typeof item === 'string'),
    desired,
    ready: desired,
    available: desired,
    deleting: false,
  };
}

/** The recorded Deployment of a runtime's operator. */
export function recordedOperator(provider: Provider): OperatorFact {
  const file = truthFolder('recordings', provider.id, 'operator-deployment.yaml');
  const [workload] = kubernetesObjects(file);
  if (!workload) throw new Error(`${file} is empty`);
  return operatorFact(workload, provider.defaultNamespace);
}

/** The CRDs of one release of a runtime. */
export interface Release {
  readonly title: string;
  readonly definitions: readonly KubernetesObject[];
  readonly primary: KubernetesObject;
}

/**
 * The folders of CRDs that define a runtime's primary.
 * @throws where there is none.
 */
export function releasesOf(provider: Provider): readonly Release[] {
  const folder = truthFolder('crds');
  const name = `${provider.plural}.${provider.group}`;
  const releases = foldersIn(folder).flatMap((title): readonly Release[] => {
    const definitions = filesIn(truthFolder('crds', title))
      .flatMap((file) => kubernetesObjects(file))
      .filter((object) => object.kind === 'CustomResourceDefinition');
    const primary = definitions.find((definition) => definition.metadata.name === name);
    return primary ? [{ title, definitions, primary }] : [];
  });
  if (releases.length === 0) throw new Error(`${folder} holds no CRD ${name}`);
  return releases;
}

/** What would be found about a cluster with these CRDs and this operator, of whose nodes nothing is known. */
export function factsOf(definitions: readonly KubernetesObject[], operator: OperatorFact): Facts {
  return { serverVersion: 'v1.35.4', crds: definitions.map(crdFact), operators: [operator], nodes: [], unread: [] };
}
