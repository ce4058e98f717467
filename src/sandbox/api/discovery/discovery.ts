import type { JsonObject } from '../objects/json.ts';
import type { Registry } from '../objects/registry.ts';
import { apiVersionOf, type ServedResource } from '../objects/resource.ts';

/** The version that the sandbox says it is. */
const gitVersion = 'v1.35.4';

export const versionInfo = {
  major: '1',
  minor: '35',
  emulationMajor: '1',
  emulationMinor: '35',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '34',
  gitVersion,
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-04-15T00:00:00Z',
  goVersion: 'go1.25.9',
  compiler: 'gc',
  platform: 'linux/amd64',
} as const;

interface Subresource {
  readonly verbs: readonly string[];
  /** The kind that it speaks, where that is another one than its resource's. */
  readonly kind?: readonly [group: string, version: string, kind: string];
}

const subresources: { readonly [name: string]: Subresource } = {
  status: { verbs: ['get', 'patch', 'update'] },
  scale: { verbs: ['get', 'patch', 'update'], kind: ['autoscaling', 'v1', 'Scale'] },
  log: { verbs: ['get'] },
  binding: { verbs: ['create'], kind: ['', 'v1', 'Binding'] },
  eviction: { verbs: ['create'], kind: ['policy', 'v1', 'Eviction'] },
  finalize: { verbs: ['update'] },
  token: { verbs: ['create'], kind: ['authentication.k8s.io', 'v1', 'TokenRequest'] },
  proxy: { verbs: ['create', 'delete', 'get', 'patch', 'update'] },
};

const proxyKinds: { readonly [plural: string]: string } = { pods: 'PodProxyOptions', services: 'ServiceProxyOptions' };

function subresourceOf(resource: ServedResource, name: string): Required<Subresource> {
  const { verbs, kind } = subresources[name] ?? { verbs: ['get'] };
  if (name === 'proxy') return { verbs, kind: ['', 'v1', proxyKinds[resource.plural] ?? resource.kind] };
  return { verbs, kind: kind ?? [resource.group, resource.version, resource.kind] };
}

const inOrder = ({ custom, subresources }: ServedResource): readonly string[] =>
  custom ? subresources : [...subresources].sort();

function listed(resource: ServedResource): readonly JsonObject[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = resource;
  const main: JsonObject = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
  };
  return [
    main,
    ...inOrder(resource).map((name): JsonObject => {
      const {
        verbs: subverbs,
        kind: [group, version, subkind],
      } = subresourceOf(resource, name);
      const own = group === resource.group && version === resource.version;
      return {
        name: `${plural}/${name}`,
        singularName: '',
        namespaced,
        ...(own ? {} : { group, version }),
        kind: subkind,
        verbs: subverbs,
      };
    }),
  ];
}

/** `/api` */
export const coreVersions = (address: string): JsonObject => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
});

const groupOf = (name: string, versions: readonly string[]): JsonObject => {
  const named = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: named, preferredVersion: named[0] ?? null };
};

/** `/apis` */
export const groupList = (registry: Registry): JsonObject => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: [...registry.groups()].map(([name, versions]) => groupOf(name, versions)),
});

/** `/apis/GROUP`, or undefined when it is not served. */
export function group(registry: Registry, name: string): JsonObject | undefined {
  const versions = registry.groups().get(name);
  return versions === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(name, versions) };
}

/** `/api/v1` and `/apis/GROUP/VERSION`, or undefined when that is not served. */
export function resourceList(registry: Registry, apiVersion: string): JsonObject | undefined {
  const served = registry.inVersion(apiVersion);
  if (served.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersion, resources: served.flatMap(listed) };
}

const aggregatedKind = (groupName: string, version: string, kind: string): JsonObject => ({
  group: groupName,
  version,
  kind,
});

function aggregatedResource(resource: ServedResource): JsonObject {
  const { plural, singular, namespaced, verbs, shortNames, categories } = resource;
  return {
    resource: plural,
    responseKind: aggregatedKind(resource.group, resource.version, resource.kind),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(resource.subresources.length > 0
      ? {
          subresources: inOrder(resource).map((name) => {
            const { verbs: subverbs, kind } = subresourceOf(resource, name);
            return { subresource: name, responseKind: aggregatedKind(...kind), verbs: subverbs };
          }),
        }
      : {}),
  };
}

/** `/api` or `/apis` with everything in one answer (`APIGroupDiscoveryList`). */
export function aggregated(registry: Registry, root: 'api' | 'apis'): JsonObject {
  const groups: readonly (readonly [string, readonly string[]])[] =
    root === 'api' ? [['', ['v1']]] : [...registry.groups()];
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(([name, versions]) => ({
      metadata: name === '' ? {} : { name },
      versions: versions.map((version) => ({
        version,
        resources: registry.inVersion(apiVersionOf({ group: name, version })).map(aggregatedResource),
        freshness: 'Current',
      })),
    })),
  };
}
