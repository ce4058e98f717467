import { deletion } from '../installation-steps.ts';
import type { Provider } from '../provider.ts';
import { planUninstall } from '../uninstalling.ts';
import { causes } from './causes.ts';
import { roleOf } from './clusters.ts';
import { consequences, refusals } from './edits.ts';
import { endpoint } from './endpoint.ts';
import { crdNames, detect, hidesWatches, isOperator, versions } from './installation.ts';
import { build } from './manifest.ts';
import { parse } from './parse.ts';
import { planInstall, planUpgrade } from './plans.ts';
import { reads, resources, snapshots } from './reads.ts';
import { defaultNamespace } from './releases.ts';
import { serveConfigOf } from './serve-config.ts';
import { status } from './status.ts';
import { uninstallable } from './uninstall.ts';
import { longestName, validate } from './validation.ts';

/** KubeRay: RayServices that serve a model through Ray Serve LLM. Written for operators 1.6 and 1.7. */
export const kuberay: Provider = {
  id: 'kuberay',
  title: 'KubeRay',
  description: 'Ray Serve LLM on RayServices: vLLM, aggregated or with prefill and decode apart.',
  group: 'ray.io',
  kind: 'RayService',
  plural: 'rayservices',
  versions,
  engines: ['vllm'],
  modes: ['aggregated', 'disaggregated'],
  routers: [],
  defaultNamespace,
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
  deploying: { validate, build, parse, refusals, consequences },
  reading: {
    resources,
    reads,
    snapshots,
    status,
    endpoint,
    pods({ primary, objects }) {
      const config = serveConfigOf(primary);
      const mode = config.parsed ? config.mode : null;
      return objects.filter(({ kind }) => kind === 'Pod').map((pod) => ({ pod, role: roleOf(pod, mode) }));
    },
  },
  causes,
  changing: {
    remove({ primary: { apiVersion, kind, metadata } }) {
      const { name, namespace, uid } = metadata;
      return [deletion({ apiVersion, kind, name, namespace, uid })];
    },
  },
};
