import type { Readable } from 'node:stream';
import type { KubernetesObject } from '../../../kubernetes.ts';

export interface LogRequest {
  readonly container: string;
  readonly previous: boolean;
  readonly follow: boolean;
  readonly tailLines?: number;
  /** Lines of before are left out. */
  readonly since?: Date;
  readonly timestamps: boolean;
}

export interface ProxyRequest {
  readonly method: string;
  /** With its query, starting with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The port of the container. */
  readonly port: number;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

export interface ProxyResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer | Readable;
}

/** What a kubelet does for the server: the logs of a container and the requests to it. */
export interface PodBackend {
  /** The lines so far, and, when asked to follow, those to come; undefined when the container has no log. */
  logs(pod: KubernetesObject, request: LogRequest, signal: AbortSignal): AsyncIterable<LogLine> | undefined;
  /** The answer of the process that listens in the pod; undefined when nothing listens on that port. */
  proxy(pod: KubernetesObject, request: ProxyRequest): Promise<ProxyResponse | undefined>;
}

export interface LogLine {
  readonly time: Date;
  readonly text: string;
}

/** The one backend of all pods, if any has been registered. */
export interface Backend {
  pods?: PodBackend;
}
