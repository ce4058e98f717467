import { at, type Json, listOr, objectOr, textOr } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { age } from './age.ts';
import { ageOf, numberOf, orNone, type Rows, textOf } from './cell.ts';
import { podRow } from './pod-row.ts';

const pairs = (value: Json | undefined): string =>
  Object.entries(objectOr(value))
    .map(([key, text]) => `${key}=${String(text)}`)
    .join(',') || '<none>';

const count = (value: Json | undefined): number => Object.keys(objectOr(value)).length;

function nodeStatus(node: ApiObject): string {
  const ready = listOr(at(node, 'status', 'conditions')).find((condition) => at(condition, 'type') === 'Ready');
  const words: { readonly [status: string]: string } = { True: 'Ready', False: 'NotReady' };
  const status = words[textOf(ready ?? null, 'status')] ?? 'Unknown';
  return at(node, 'spec', 'unschedulable') === true ? `${status},SchedulingDisabled` : status;
}

function nodeRoles({ metadata }: ApiObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(metadata.labels ?? {}).filter((key) => key.startsWith(prefix));
  return (
    roles
      .map((key) => key.slice(prefix.length))
      .sort()
      .join(',') || '<none>'
  );
}

const nodeAddress = (node: ApiObject, type: string): string =>
  orNone(
    at(
      listOr(at(node, 'status', 'addresses')).find((address) => at(address, 'type') === type),
      'address',
    ),
  );

function servicePorts(service: ApiObject): string {
  const ports = listOr(at(service, 'spec', 'ports')).map((port) => {
    const node = at(port, 'nodePort');
    const number = String(at(port, 'port'));
    return `${number}${typeof node === 'number' ? `:${node}` : ''}/${textOf(port, 'protocol') || 'TCP'}`;
  });
  return ports.join(',') || '<none>';
}

function externalAddress(service: ApiObject): string {
  switch (at(service, 'spec', 'type')) {
    case 'LoadBalancer': {
      const ingress = listOr(at(service, 'status', 'loadBalancer', 'ingress'));
      return ingress.map((entry) => textOf(entry, 'ip') || textOf(entry, 'hostname')).join(',') || '<pending>';
    }
    case 'ExternalName':
      return textOf(service, 'spec', 'externalName');
    default:
      return '<none>';
  }
}

function endpointAddresses(endpoints: ApiObject): string {
  const all = listOr(endpoints.subsets).flatMap((subset) =>
    listOr(at(subset, 'addresses')).flatMap((address) =>
      listOr(at(subset, 'ports')).map((port) => `${textOf(address, 'ip')}:${String(at(port, 'port'))}`),
    ),
  );
  const shown = all.slice(0, 3).join(',');
  return all.length > 3 ? `${shown} + ${all.length - 3} more...` : shown || '<none>';
}

function eventRow(event: ApiObject): readonly Json[] {
  const involved = objectOr(event.involvedObject);
  const first = at(event, 'firstTimestamp') ?? event.eventTime;
  const last = at(event, 'series', 'lastObservedTime') ?? event.lastTimestamp ?? first;
  const component = textOf(event, 'source', 'component') || textOf(event, 'reportingComponent');
  const host = textOf(event, 'source', 'host');
  const occurrences = numberOf(event, 'series', 'count') || numberOf(event, 'count') || 1;
  return [
    age(last),
    textOf(event, 'type'),
    textOf(event, 'reason'),
    `${textOr(involved.kind).toLowerCase()}/${textOr(involved.name)}`,
    textOr(involved.fieldPath),
    host === '' ? component : `${component}, ${host}`,
    textOf(event, 'message').trim(),
    age(first),
    occurrences,
    event.metadata.name,
  ];
}

const accessModes: { readonly [mode: string]: string } = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

const modesOf = (value: Json | undefined): string =>
  listOr(value)
    .map((mode) => accessModes[String(mode)] ?? String(mode))
    .join(',');

function quotaUsage(quota: ApiObject, isLimit: boolean): string {
  const hard = objectOr(at(quota, 'status', 'hard'));
  const used = objectOr(at(quota, 'status', 'used'));
  return Object.keys(hard)
    .filter((name) => name.startsWith('limits.') === isLimit)
    .sort()
    .map((name) => `${name}: ${String(used[name])}/${String(hard[name])}`)
    .join(', ');
}

/** Kinds of the core group. */
export const coreRows: { readonly [table: string]: Rows } = {
  namespaces: {
    columns: ['Name', 'Status', 'Age'],
    cells: (namespace) => [namespace.metadata.name, textOf(namespace, 'status', 'phase'), ageOf(namespace)],
  },
  nodes: {
    columns: [
      'Name',
      'Status',
      'Roles',
      'Age',
      'Version',
      'Internal-IP 1',
      'External-IP 1',
      'OS-Image 1',
      'Kernel-Version 1',
      'Container-Runtime 1',
    ],
    cells: (node) => {
      const info = (field: string) => textOf(node, 'status', 'nodeInfo', field) || '<unknown>';
      return [
        node.metadata.name,
        nodeStatus(node),
        nodeRoles(node),
        ageOf(node),
        textOf(node, 'status', 'nodeInfo', 'kubeletVersion'),
        nodeAddress(node, 'InternalIP'),
        nodeAddress(node, 'ExternalIP'),
        info('osImage'),
        info('kernelVersion'),
        info('containerRuntimeVersion'),
      ];
    },
  },
  pods: {
    columns: ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP 1', 'Node 1', 'Nominated Node 1', 'Readiness Gates 1'],
    cells: podRow,
  },
  services: {
    columns: ['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', 'Selector 1'],
    cells: (service) => [
      service.metadata.name,
      textOf(service, 'spec', 'type'),
      orNone(at(service, 'spec', 'clusterIP')),
      externalAddress(service),
      servicePorts(service),
      ageOf(service),
      pairs(at(service, 'spec', 'selector')),
    ],
  },
  endpoints: {
    columns: ['Name', 'Endpoints', 'Age'],
    cells: (endpoints) => [endpoints.metadata.name, endpointAddresses(endpoints), ageOf(endpoints)],
  },
  configmaps: {
    columns: ['Name', 'Data', 'Age'],
    cells: (map) => [map.metadata.name, count(map.data) + count(map.binaryData), ageOf(map)],
  },
  secrets: {
    columns: ['Name', 'Type', 'Data', 'Age'],
    cells: (secret) => [secret.metadata.name, textOf(secret, 'type'), count(secret.data), ageOf(secret)],
  },
  serviceaccounts: {
    columns: ['Name', 'Age'],
    cells: (account) => [account.metadata.name, ageOf(account)],
  },
  events: {
    columns: [
      'Last Seen',
      'Type',
      'Reason',
      'Object',
      'Subobject 1',
      'Source 1',
      'Message',
      'First Seen 1',
      'Count 1',
      'Name 1',
    ],
    cells: eventRow,
  },
  persistentvolumeclaims: {
    columns: [
      'Name',
      'Status',
      'Volume',
      'Capacity',
      'Access Modes',
      'StorageClass',
      'VolumeAttributesClass',
      'Age',
      'VolumeMode 1',
    ],
    cells: (claim) => [
      claim.metadata.name,
      claim.metadata.deletionTimestamp === undefined ? textOf(claim, 'status', 'phase') : 'Terminating',
      textOf(claim, 'spec', 'volumeName'),
      textOf(claim, 'status', 'capacity', 'storage'),
      modesOf(at(claim, 'status', 'accessModes')),
      textOf(claim, 'spec', 'storageClassName'),
      '<unset>',
      ageOf(claim),
      textOf(claim, 'spec', 'volumeMode'),
    ],
  },
  resourcequotas: {
    columns: ['Name', 'Request', 'Limit', 'Age'],
    cells: (quota) => [quota.metadata.name, quotaUsage(quota, false), quotaUsage(quota, true), ageOf(quota)],
  },
};
