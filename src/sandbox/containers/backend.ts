import { setTimeout as sleep } from 'node:timers/promises';
import { type KubernetesObject, listAt, textAt } from '../../kubernetes.ts';
import type { LogLine, LogRequest, PodBackend, ProxyRequest, ProxyResponse } from '../api/server.ts';
import type { Clock } from '../clock.ts';
import { isReady } from '../controllers/objects.ts';
import { identify } from '../controllers/pods.ts';
import type { FailureKind } from '../failures.ts';
import { linesOf } from './logs.ts';
import { engineMetrics, frontendMetrics } from './metrics.ts';
import { openAi } from './openai.ts';
import type { RayServe } from './ray-serve.ts';
import { engineOf, modelsServedBy, startedAt } from './serving.ts';
import { createUsage, type Usage } from './usage.ts';

/** How often a log that is followed is looked at, in milliseconds. */
const followMilliseconds = 250;

export interface BackendOptions {
  readonly clock: Clock;
  readonly ray: RayServe;
  /** The pods of a namespace, as they are now. */
  readonly pods: (namespace: string) => readonly KubernetesObject[];
  /** The failure wished for a pod. */
  readonly failure: (pod: KubernetesObject) => FailureKind | undefined;
}

/** The logs and ports of all simulated pods. */
export function createPodBackend({ clock, ray, pods, failure }: BackendOptions): PodBackend {
  const usages = new Map<string, Usage>();
  const found = (pod: KubernetesObject) =>
    pods(pod.metadata.namespace ?? '').find(({ metadata }) => metadata.uid === pod.metadata.uid);
  const latest = (pod: KubernetesObject) => found(pod) ?? pod;
  /** All pods of one deployment count together. */
  const usageOf = (pod: KubernetesObject): Usage => {
    const key = `${pod.metadata.namespace}/${identify(pod).deployment}`;
    const usage = usages.get(key) ?? createUsage();
    usages.set(key, usage);
    return usage;
  };

  /** The lines that have been written by now. */
  const written = (pod: KubernetesObject, request: LogRequest): readonly LogLine[] => {
    const { container, previous } = request;
    const status = listAt(pod, 'status', 'containerStatuses').find((each) => textAt(each, 'name') === container);
    const ended = textAt(status, 'lastState', 'terminated', 'startedAt');
    const start =
      (previous ? undefined : startedAt(pod)?.getTime()) ?? (ended === undefined ? Date.now() : Date.parse(ended));
    return linesOf(pod, request, failure(pod))
      .map(({ after, text }) => ({ time: new Date(start + (after * 1000) / clock.speed), text }))
      .filter(({ time }) => time.getTime() <= Date.now());
  };

  async function* logs(pod: KubernetesObject, request: LogRequest, signal: AbortSignal): AsyncGenerator<LogLine> {
    const since = request.since?.getTime() ?? 0;
    const all = written(latest(pod), request);
    const recent = all.filter(({ time }) => time.getTime() >= since);
    yield* request.tailLines === undefined ? recent : recent.slice(Math.max(0, recent.length - request.tailLines));
    let shown = all.length;
    while (request.follow && !signal.aborted) {
      await sleep(followMilliseconds, undefined, { signal }).catch(() => {});
      const still = found(pod);
      if (still === undefined) return;
      const now = written(still, request);
      yield* now.slice(shown);
      shown = now.length;
    }
  }

  const text = (status: number, body: string, type = 'text/plain'): ProxyResponse => ({
    status,
    headers: { 'content-type': type },
    body,
  });

  const answer = async (pod: KubernetesObject, request: ProxyRequest): Promise<ProxyResponse | undefined> => {
    const { role, rayCluster } = identify(pod);
    const path = request.path.split('?')[0] ?? '/';
    const models = modelsServedBy(pod, pods(pod.metadata.namespace ?? ''), ray);
    const usage = usageOf(pod);
    const onRay = rayCluster !== undefined;
    if (request.port === 8000 && (role === 'frontend' || (onRay && models.length > 0))) {
      const served = await openAi(request, models, usage);
      if (served !== undefined) return served;
      if (path === '/health') {
        const instances = models.map((model) => ({ component: 'backend', endpoint: 'generate', model }));
        const endpoints = models.map(() => 'dyn://backend.generate');
        return text(200, JSON.stringify({ status: 'healthy', endpoints, instances }), 'application/json');
      }
      if (path === '/live') return text(200, '{"status":"live"}', 'application/json');
      if (path === '/-/healthz') return text(200, 'success');
      if (path === '/metrics') return text(200, frontendMetrics(models, usage));
      return text(404, 'Not Found');
    }
    if (request.port === 9090 && role === 'model' && !onRay) {
      const ready = isReady(pod);
      if (path === '/health') {
        return text(ready ? 200 : 503, JSON.stringify({ status: ready ? 'ready' : 'notready' }), 'application/json');
      }
      return path === '/metrics'
        ? text(200, engineMetrics(engineOf(pod), models, usage))
        : text(200, '{"status":"live"}');
    }
    // Ray exports what runs on the node itself: the engine is on the workers.
    if (request.port === 8080 && onRay) {
      return text(200, role === 'model' && models.length > 0 ? engineMetrics('ray', models, usage) : '');
    }
    if (request.port === 8265 && role === 'head') {
      const applications = ray.applications(`${pod.metadata.namespace}/${rayCluster}`);
      return text(200, JSON.stringify({ applications }), 'application/json');
    }
    return undefined;
  };

  return {
    logs,
    async proxy(pod, request) {
      const now = latest(pod);
      return startedAt(now) === undefined ? undefined : answer(now, request);
    },
  };
}
