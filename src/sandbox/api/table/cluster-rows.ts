import { at, listOr } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { ageOf, numberOf, type Rows, textOf } from './cell.ts';

const subjectsOf = (binding: ApiObject, kind: string): string =>
  listOr(binding.subjects)
    .filter((subject) => at(subject, 'kind') === kind)
    .map((subject) =>
      kind === 'ServiceAccount'
        ? `${textOf(subject, 'namespace')}/${textOf(subject, 'name')}`
        : textOf(subject, 'name'),
    )
    .join(', ');

const bindings: Rows = {
  columns: ['Name', 'Role', 'Age', 'Users 1', 'Groups 1', 'ServiceAccounts 1'],
  cells: (binding) => [
    binding.metadata.name,
    `${textOf(binding, 'roleRef', 'kind')}/${textOf(binding, 'roleRef', 'name')}`,
    ageOf(binding),
    subjectsOf(binding, 'User'),
    subjectsOf(binding, 'Group'),
    subjectsOf(binding, 'ServiceAccount'),
  ],
};

const webhooks: Rows = {
  columns: ['Name', 'Webhooks integer', 'Age'],
  cells: (configuration) => [configuration.metadata.name, listOr(configuration.webhooks).length, ageOf(configuration)],
};

/** Small groups: discovery, coordination, storage, scheduling, access, admission. */
export const clusterRows: { readonly [table: string]: Rows } = {
  'endpointslices.discovery.k8s.io': {
    columns: ['Name', 'AddressType', 'Ports', 'Endpoints', 'Age'],
    cells: (slice) => [
      slice.metadata.name,
      textOf(slice, 'addressType'),
      listOr(slice.ports)
        .map((port) => String(at(port, 'port')))
        .join(',') || '<unset>',
      listOr(slice.endpoints)
        .flatMap((endpoint) => listOr(at(endpoint, 'addresses')))
        .join(',') || '<unset>',
      ageOf(slice),
    ],
  },
  'leases.coordination.k8s.io': {
    columns: ['Name', 'Holder', 'Age'],
    cells: (lease) => [lease.metadata.name, textOf(lease, 'spec', 'holderIdentity'), ageOf(lease)],
  },
  'storageclasses.storage.k8s.io': {
    columns: ['Name', 'Provisioner', 'ReclaimPolicy', 'VolumeBindingMode', 'AllowVolumeExpansion', 'Age'],
    cells: (storage) => {
      const isDefault = ['', 'beta.'].some(
        (age) => storage.metadata.annotations?.[`storageclass.${age}kubernetes.io/is-default-class`] === 'true',
      );
      return [
        isDefault ? `${storage.metadata.name} (default)` : storage.metadata.name,
        textOf(storage, 'provisioner'),
        textOf(storage, 'reclaimPolicy'),
        textOf(storage, 'volumeBindingMode'),
        storage.allowVolumeExpansion === true,
        ageOf(storage),
      ];
    },
  },
  'priorityclasses.scheduling.k8s.io': {
    columns: ['Name', 'Value integer', 'Global-Default boolean', 'Age', 'PreemptionPolicy'],
    cells: (priority) => [
      priority.metadata.name,
      numberOf(priority, 'value'),
      priority.globalDefault === true,
      ageOf(priority),
      textOf(priority, 'preemptionPolicy'),
    ],
  },
  'rolebindings.rbac.authorization.k8s.io': bindings,
  'clusterrolebindings.rbac.authorization.k8s.io': bindings,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': webhooks,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': webhooks,
};
