import type { KubernetesObject } from '../kubernetes.ts';

/** A served resource, as discovery tells it. */
export interface Resource {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** How a caller names a resource: by kind; the version is discovered (the preferred served one) unless given. */
export interface ResourceName {
  readonly group: string;
  readonly kind: string;
  readonly version?: string;
}

export interface ReadOptions {
  /** Cancels: the request is ended, and the call throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole call with its retries; default 30,000. */
  readonly deadline?: number;
}

interface GetOptions extends ReadOptions {
  /**
   * As the API server's memory has it, which may be some moments old. Costs the server half as much: it need not read
   * and decode what is stored (measured with a CRD of 1.6 MB, Kubernetes 1.35: 27 ms of its processor, not 57).
   */
  readonly mayBeOld?: boolean;
}

export interface ListOptions extends ReadOptions {
  /** Absent = the whole cluster. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects per page; default 500. */
  readonly pageSize?: number;
}

/**
 * How an object has to stand, so that a write is not carried out over what somebody else wrote meanwhile: that is refused
 * with CONFLICT and `details.changedMeanwhile`.
 */
export type Precondition = 'absent' | { readonly resourceVersion: string };

export interface ApplyOptions extends ReadOptions {
  readonly dryRun?: boolean;
  /** Takes fields from other managers; never unasked. */
  readonly force?: boolean;
  /** Default `kubefoundry`. */
  readonly fieldManager?: string;
  readonly onlyIf?: Precondition;
}

export interface DeleteOptions extends ReadOptions {
  readonly dryRun?: boolean;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  /** Preconditions: refuses with CONFLICT when the object is another one by now. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** 0 removes a pod at once, as a kubelet does when its containers have ended; default: the object's own. */
  readonly gracePeriodSeconds?: number;
}

export interface PatchOptions extends ReadOptions {
  readonly dryRun?: boolean;
  /** `status`, `scale`. */
  readonly subresource?: string;
  readonly fieldManager?: string;
}

export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly plural: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface ProxyTarget {
  readonly type: 'service' | 'pod';
  readonly namespace: string;
  readonly name: string;
  readonly port: number | string;
}

export interface ProxyRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the cluster is another one afterwards; default: true for every method but GET and HEAD. */
  readonly changes?: boolean;
}

interface ProxyReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer that is read while it comes; whoever stops iterating ends the request. */
interface ProxyStream {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface LogPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
}

interface LogOptions extends ReadOptions {
  /** Lines from the end; default 200. */
  readonly tail?: number;
  readonly sinceSeconds?: number;
  /** Of the container's run before this one. */
  readonly previous?: boolean;
  /** Before each line, its time (RFC 3339) and a space. */
  readonly timestamps?: boolean;
  /** The server stops after so many bytes, which are the first of those lines. */
  readonly limitBytes?: number;
}

/** What a live list knows at one moment. Immutable; a new one replaces it. */
export interface LiveSnapshot<Item> {
  readonly state: 'connecting' | 'live' | 'stale' | 'failed';
  readonly items: readonly Item[];
  /** When this state began. */
  readonly since: Date;
  /** When it is tried again; absent where nothing failed. */
  readonly retry?: Date;
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
}

/** A store in the manner of useSyncExternalStore: the first subscriber starts list and watch, the last one stops them. */
export interface LiveList<Item> {
  subscribe(listener: () => void): () => void;
  snapshot(): LiveSnapshot<Item>;
}

/** The only door to one cluster under one identity. Every failure is a FoundryError (design §7). */
export interface Cluster {
  /** The kubeconfig context; `in-cluster` inside a pod. */
  readonly context: string;
  /** The context as commands and calls name it; absent inside a pod, where they find the one cluster without a name. */
  readonly namedContext?: string;
  /** URL of the API server. */
  readonly server: string;
  /** The context's own namespace, where it names one. */
  readonly namespace?: string;
  /** The fence: only these namespaces may be touched; absent = all. */
  readonly namespaces?: readonly string[];
  readonly readOnly: boolean;

  /** `gitVersion` of the API server, such as `v1.35.4`. */
  version(options?: ReadOptions): Promise<string>;
  /** Everything that is served; cached for ten seconds, for one where it has to be `fresh`. */
  resources(options?: ReadOptions & { readonly fresh?: boolean }): Promise<readonly Resource[]>;
  /** The served resource of that name, or undefined when the cluster does not serve it. */
  resource(name: ResourceName, options?: ReadOptions): Promise<Resource | undefined>;

  /** The object, or undefined when there is none of that name. */
  get(
    name: ResourceName,
    at: { namespace?: string; name: string },
    options?: GetOptions,
  ): Promise<KubernetesObject | undefined>;
  /** All pages, in order. Each item carries its apiVersion and kind (which lists leave out). */
  list(name: ResourceName, options?: ListOptions): Promise<readonly KubernetesObject[]>;
  /** How many objects there are, in one request per namespace of the fence, which reads no more than one of them. */
  count(name: ResourceName, options?: ReadOptions): Promise<number>;
  /** Server-side apply. The result is what the server made of it. */
  apply(object: KubernetesObject, options?: ApplyOptions): Promise<KubernetesObject>;
  /** POST: for Events and reviews, never for what apply can do. */
  create(object: KubernetesObject, options?: PatchOptions): Promise<KubernetesObject>;
  /**
   * JSON merge patch, or JSON patch where it is a list; repeated when the connection breaks, so it says what should be,
   * never what to add.
   */
  patch(
    name: ResourceName,
    at: { namespace?: string; name: string },
    patch: unknown,
    options?: PatchOptions,
  ): Promise<KubernetesObject>;
  /** True when it was there; the object may still be terminating. */
  delete(name: ResourceName, at: { namespace?: string; name: string }, options?: DeleteOptions): Promise<boolean>;

  /** A live list; items are projected while parsing, raw objects are not kept. */
  live<Item>(name: ResourceName, options: ListOptions, project: (object: KubernetesObject) => Item): LiveList<Item>;

  /** SelfSubjectAccessReview: whether we may, and the server's reason. */
  access(question: AccessQuestion, options?: ReadOptions): Promise<{ allowed: boolean; reason: string }>;

  /** The last lines of one container, as text. */
  logs(at: LogPlace, options?: LogOptions): Promise<string>;
  /**
   * The lines of one container as it writes them, each with its time before it, from the last `tail` lines or from
   * `sinceTime` on. Ends when the container does, and after a minute without a line.
   *
   * @throws FoundryError, CLUSTER_UNREACHABLE also when the connection breaks; the signal's reason
   */
  followLogs(
    at: LogPlace,
    from: { readonly tail: number } | { readonly sinceTime: string },
    signal: AbortSignal,
  ): AsyncIterable<string>;
  /** A request through the API server to a Service or pod. */
  proxy(target: ProxyTarget, request: ProxyRequest, options?: ReadOptions): Promise<ProxyReply>;
  /** The same, sent once, with an answer that is read while it comes. */
  proxyStream(target: ProxyTarget, request: ProxyRequest, signal: AbortSignal): Promise<ProxyStream>;

  /** Ends every connection and live list. */
  close(): void;
}

export interface ClusterOptions {
  /** Kubeconfig files in order of precedence; default `$KUBECONFIG`, then `~/.kube/config`, then in-cluster. */
  readonly kubeconfig?: readonly string[];
  readonly context?: string;
  readonly readOnly?: boolean;
  readonly namespaces?: readonly string[];
  /** Of every write that does not name its own; default `kubefoundry`. */
  readonly fieldManager?: string;
  /** The environment of the process, for `KUBECONFIG`, credential plugins and in-cluster credentials; default empty. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Called when a whole list begins to come in for a live list, not before the server answers; what it returns, once that is there or has failed. */
  readonly whileListing?: () => () => void;
}
