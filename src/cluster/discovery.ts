import { FoundryError } from '../errors.ts';
import { listAt, textAt, valueAt } from '../kubernetes.ts';
import type { ReadOptions, Resource, ResourceName } from './cluster.ts';
import type { Context } from './context.ts';
import { timedOut } from './failures.ts';
import type { ApiRequest, Reply } from './request.ts';
import { singleFlight } from './single-flight.ts';
import type { Transport } from './transport.ts';

/** How long an answer counts as new when the kind asked for is missing from it, or when the caller wants a new one. */
const missingFor = 1_000;
/** How long it counts as new otherwise; after that the server is asked whether it changed. */
const freshFor = 10_000;

/** KEP-3352: one answer for all groups; servers before 1.27 give the old, small ones instead. */
const aggregated = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(',');

export interface Discovery {
  resources(options?: ReadOptions & { readonly fresh?: boolean }): Promise<readonly Resource[]>;
  resource(name: ResourceName, options?: ReadOptions): Promise<Resource | undefined>;
  /** What was told is no longer true: the server is asked again before the next answer. */
  forget(): void;
}

interface Known {
  readonly at: number;
  readonly resources: readonly Resource[];
  readonly answers: ReadonlyMap<string, Answer>;
}

interface Answer {
  readonly etag: string | undefined;
  readonly resources: readonly Resource[];
}

export function createDiscovery(transport: Transport, context: Context): Discovery {
  let known: Known | undefined;
  const refresh = singleFlight(async (signal) => {
    const roots = ['/api', '/apis'];
    const answers = await Promise.all(roots.map((root) => discover(transport, root, known?.answers.get(root), signal)));
    const byRoot = new Map(roots.map((root, index) => [root, answers[index] ?? { etag: undefined, resources: [] }]));
    known = { at: performance.now(), resources: answers.flatMap((answer) => answer.resources), answers: byRoot };
    return known;
  });

  /** The work is shared, the deadline is the caller's own. */
  async function refreshBefore({ signal, deadline }: ReadOptions): Promise<Known> {
    if (deadline === undefined) return refresh(signal);
    const timer = AbortSignal.timeout(deadline);
    try {
      return await refresh(signal ? AbortSignal.any([signal, timer]) : timer);
    } catch (error) {
      if (signal?.aborted || !timer.aborted || error instanceof FoundryError) throw error;
      throw timedOut(context, targetOf('/apis'), deadline);
    }
  }

  const upTo = async (age: number, options: ReadOptions): Promise<Known> =>
    known && performance.now() - known.at < age ? known : refreshBefore(options);

  return {
    resources: async (options = {}) => (await upTo(options.fresh ? missingFor : freshFor, options)).resources,
    resource: async (name, options = {}) => {
      const found = find((await upTo(freshFor, options)).resources, name);
      return found ?? find((await upTo(missingFor, options)).resources, name);
    },
    forget: () => {
      // The answers stay, so that the server need only say that nothing changed.
      known = known && { ...known, at: Number.NEGATIVE_INFINITY };
    },
  };
}

const targetOf = (path: string) => ({ verb: 'get', group: '', plural: path, namespaced: false }) as const;

function find(resources: readonly Resource[], { group, kind, version }: ResourceName): Resource | undefined {
  const fits = (one: Resource) => one.group === group && one.kind === kind && (!version || one.version === version);
  return resources.find(fits);
}

async function discover(
  transport: Transport,
  path: string,
  last: Answer | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const headers = { accept: `${aggregated},application/json`, ...(last?.etag ? { 'if-none-match': last.etag } : {}) };
  const reply = await read(transport, path, signal, headers);
  if (reply.status === 304 && last) return last;
  const { content } = reply;
  if (textAt(content, 'kind') === 'APIGroupDiscoveryList') {
    return { etag: reply.headers.etag, resources: listAt(content, 'items').flatMap(resourcesOfGroup) };
  }
  return { etag: undefined, resources: await discoverOneByOne(transport, path, content, signal) };
}

function read(
  transport: Transport,
  path: string,
  signal: AbortSignal,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const request: ApiRequest = {
    method: 'GET',
    path,
    headers,
    target: targetOf(path),
    changes: false,
    idempotent: true,
    expects: [304],
  };
  return transport.send(request, { signal });
}

function resourcesOfGroup(item: unknown): Resource[] {
  const group = textAt(item, 'metadata', 'name') ?? '';
  return listAt(item, 'versions').flatMap((version) =>
    listAt(version, 'resources').flatMap((resource) => {
      const kind = textAt(resource, 'responseKind', 'kind');
      const namespaced = textAt(resource, 'scope') === 'Namespaced';
      return toResource(group, textAt(version, 'version'), kind, textAt(resource, 'resource'), namespaced, resource);
    }),
  );
}

function toResource(
  group: string,
  version: string | undefined,
  kind: string | undefined,
  plural: string | undefined,
  namespaced: boolean,
  source: unknown,
): Resource[] {
  if (!version || !kind || !plural || plural.includes('/')) return [];
  const verbs = listAt(source, 'verbs').filter((verb) => typeof verb === 'string');
  return [{ group, version, kind, plural, namespaced, verbs }];
}

/** The answer of an old server lists versions only, and each has an answer of its own. */
async function discoverOneByOne(
  transport: Transport,
  path: string,
  content: unknown,
  signal: AbortSignal,
): Promise<readonly Resource[]> {
  const core = listAt(content, 'versions').flatMap((version) =>
    typeof version === 'string' ? [{ group: '', version }] : [],
  );
  const lists = [...core, ...listAt(content, 'groups').flatMap(versionsOfGroup)].map(async ({ group, version }) => {
    const groupVersion = group ? `${group}/${version}` : version;
    const reply = await read(transport, `${path}/${groupVersion}`, signal);
    return listAt(reply.content, 'resources').flatMap((resource) => {
      const namespaced = valueAt(resource, 'namespaced') === true;
      return toResource(group, version, textAt(resource, 'kind'), textAt(resource, 'name'), namespaced, resource);
    });
  });
  return (await Promise.all(lists)).flat();
}

/** The preferred version first. */
function versionsOfGroup(group: unknown): { group: string; version: string }[] {
  const name = textAt(group, 'name') ?? '';
  const preferred = textAt(group, 'preferredVersion', 'version');
  const versions = listAt(group, 'versions').flatMap((version) => textAt(version, 'version') ?? []);
  return [
    ...versions.filter((version) => version === preferred),
    ...versions.filter((version) => version !== preferred),
  ].map((version) => ({ group: name, version }));
}
