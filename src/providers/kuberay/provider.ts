import { deletion } from '../installation-steps.ts';
import type { Provider } from '../provider.ts';
import { planUninstall } from '../uninstalling.ts';
import { loading } from './applications.ts';
import { asked } from './asked.ts';
import { causes } from './causes.ts';
import { consequences, refusals } from './edits.ts';
import { endpoint } from './endpoint.ts';
import { crdNames, detect, hidesWatches, isOperator, versions } from './installation.ts';
import { build, gpuToleration } from './manifest.ts';
import { logTargets, metricTargets, pods, series } from './observation.ts';
import { parse } from './parse.ts';
import { planInstall, planUpgrade } from './plans.ts';
import { filing, reads, resources, snapshots } from './reads.ts';
import { chart, defaultNamespace, skipsMinors } from './releases.ts';
import { restart, restarts } from './restarting.ts';
import { scale, scaledResources } from './scaling.ts';
import { status } from './status.ts';
import { uninstallable } from './uninstall.ts';
import { longestName, validate } from './validation.ts';

/** KubeRay: RayServices that serve a model through Ray Serve LLM. Written for operators 1.6 and 1.7. */
export const kuberay: Provider = {
  id: 'kuberay',
  title: 'KubeRay',
  description: 'Ray Serve LLM on a Ray cluster of its own; vLLM.',
  group: 'ray.io',
  kind: 'RayService',
  plural: 'rayservices',
  versions,
  engines: ['vllm'],
  modes: ['aggregated', 'disaggregated'],
  routers: [],
  unused: () => ['router'],
  defaultNamespace,
  ownTolerations: [gpuToleration],
  releases: chart.releases,
  skipsMinors,
  nameLimit: () => longestName,
  installation: {
    crds: crdNames,
    isOperator,
    hidesWatches,
    detect,
    planInstall,
    planUpgrade,
    planUninstall: (facts, options) => planUninstall(uninstallable, facts, options),
  },
  deploying: { validate, build, parse, asked, refusals, consequences, restarts },
  reading: {
    resources,
    reads,
    filing,
    snapshots,
    status,
    loading,
    endpoint,
    pods,
    logTargets,
    metricTargets,
    series,
  },
  causes,
  changing: {
    resources: scaledResources,
    scale,
    restart,
    remove({ primary: { apiVersion, kind, metadata } }) {
      const { name, namespace, uid } = metadata;
      return [deletion({ apiVersion, kind, name, namespace, uid })];
    },
  },
};
