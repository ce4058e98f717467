import type { Provider } from '../provider.ts';
import { engines, modes, routers } from '../spec.ts';
import { planUninstall } from '../uninstalling.ts';
import { asked } from './asked.ts';
import { causes } from './causes.ts';
import { refusals, remove } from './changes.ts';
import { endpoint } from './endpoint.ts';
import { takesQuantization } from './engines.ts';
import { crds, detect, hidesWatches, isOperator } from './installation.ts';
import { graphLabel } from './labels.ts';
import { build, group, kind } from './manifest.ts';
import { logTargets, metricTargets, series } from './observation.ts';
import { owns } from './operator-words.ts';
import { parse } from './parse.ts';
import { planInstall, planUpgrade, skipsMinors } from './plans.ts';
import { filing, reads, resources, snapshots } from './reads.ts';
import { chart } from './releases.ts';
import { restart, restarts } from './restarting.ts';
import { scale, scaledResources } from './scaling.ts';
import { pods, status } from './status.ts';
import { uninstallable } from './uninstall.ts';
import { nameLimit, validate } from './validation.ts';
import { knownVersions } from './versions.ts';

/** NVIDIA Dynamo, operator 1.0 to 1.6: a deployment is a DynamoGraphDeployment. */
export const dynamo: Provider = {
  id: 'dynamo',
  title: 'NVIDIA Dynamo',
  description: 'KV-aware routing; vLLM, SGLang and TensorRT-LLM.',
  group,
  kind,
  plural: 'dynamographdeployments',
  versions: knownVersions,
  engines,
  modes,
  routers,
  unused: (engine) => (takesQuantization(engine) ? [] : ['quantization']),
  defaultNamespace: 'dynamo-system',
  ownTolerations: [],
  releases: chart.releases,
  skipsMinors,
  nameLimit,
  installation: {
    crds,
    ownedLabel: graphLabel,
    isOperator,
    hidesWatches,
    detect,
    planInstall,
    planUpgrade,
    planUninstall: (facts, options) => planUninstall(uninstallable, facts, options),
  },
  deploying: { validate, build, parse, asked, refusals, restarts },
  reading: { resources, reads, filing, snapshots, status, endpoint, pods, owns, logTargets, metricTargets, series },
  causes,
  changing: { resources: scaledResources, scale, restart, remove },
};
