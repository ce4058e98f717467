import { type KubernetesObject, textAt } from '../../kubernetes.ts';
import { joined, vllmSeries } from '../engine-series.ts';
import type { FigureSeries } from '../figures.ts';
import { type LogTarget, logTargetsOf, type MetricTarget, metricTargetsOf } from '../observation.ts';
import type { Snapshot } from '../provider.ts';
import type { Role } from '../spec.ts';
import { roleOf } from './clusters.ts';
import { label } from './reads.ts';
import { serveConfigOf } from './serve-config.ts';

/** The pods of all its clusters, with their roles. A cluster that is pending comes in place of the others. */
export function pods({
  primary,
  objects,
}: Snapshot): readonly { pod: KubernetesObject; role: Role | null; replaced: boolean }[] {
  const pending = textAt(primary, 'status', 'pendingServiceStatus', 'rayClusterName') || undefined;
  const config = serveConfigOf(primary);
  const mode = config.parsed ? config.mode : null;
  return objects
    .filter(({ kind }) => kind === 'Pod')
    .map((pod) => {
      const replaced = pending !== undefined && textAt(pod, 'metadata', 'labels', label.cluster) !== pending;
      return { pod, role: roleOf(pod, mode), replaced };
    });
}

/** Ray runs in the first container. */
export const logTargets = (snapshot: Snapshot): readonly LogTarget[] => logTargetsOf(pods(snapshot));

/** Every Ray pod exports what its own processes count. */
export const metricTargets = (snapshot: Snapshot): readonly MetricTarget[] =>
  metricTargetsOf(pods(snapshot), () => ({ name: 'metrics', usual: 8080 }));

const ray: FigureSeries = {
  requests: ['ray_serve_num_http_requests_total', 'ray_serve_num_http_requests'],
  running: ['ray_serve_replica_processing_queries'],
  waiting: ['ray_serve_deployment_queued_queries'],
  timeToFirstToken: [],
  interTokenLatency: [],
  promptTokens: [],
  outputTokens: [],
  kvCacheUse: [],
};

/** vLLM's series under Ray's prefix, of old versions with a colon (ray-project/ray#59071), then what Serve itself counts. */
export const series: FigureSeries = joined(vllmSeries('ray_vllm_', 'ray_vllm:'), ray);
