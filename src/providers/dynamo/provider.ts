import type { Provider } from '../provider.ts';
import { engines, modes, routers } from '../spec.ts';
import { planUninstall } from '../uninstalling.ts';
import { causes } from './causes.ts';
import { refusals, remove } from './changes.ts';
import { endpoint } from './endpoint.ts';
import { crds, detect, hidesWatches, isOperator } from './installation.ts';
import { build, group, kind } from './manifest.ts';
import { parse } from './parse.ts';
import { planInstall, planUpgrade } from './plans.ts';
import { reads, resources, snapshots } from './reads.ts';
import { pods, status } from './status.ts';
import { uninstallable } from './uninstall.ts';
import { nameLimit, validate } from './validation.ts';
import { knownVersions } from './versions.ts';

/** NVIDIA Dynamo, operator 1.0 to 1.6: a deployment is a DynamoGraphDeployment. */
export const dynamo: Provider = {
  id: 'dynamo',
  title: 'NVIDIA Dynamo',
  description:
    'Serves models as graphs of frontends and workers, aggregated or with prefill and decode apart, with KV-aware routing; engines vLLM, SGLang and TensorRT-LLM.',
  group,
  kind,
  plural: 'dynamographdeployments',
  versions: knownVersions,
  engines,
  modes,
  routers,
  defaultNamespace: 'dynamo-system',
  nameLimit,
  installation: {
    crds,
    isOperator,
    hidesWatches,
    detect,
    planInstall,
    planUpgrade,
    planUninstall: (facts, options) => planUninstall(uninstallable, facts, options),
  },
  deploying: { validate, build, parse, refusals },
  reading: { resources, reads, snapshots, status, endpoint, pods },
  causes,
  changing: { remove },
};
