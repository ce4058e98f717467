import type { Kept } from '../kept.ts';

const template: Kept = { spec: { containers: { image: true, resources: true } } };

/** What the status looks at in the spec of a RayCluster: how many pods of what size it is made of. */
export const keptSpec: Kept = {
  suspend: true,
  enableInTreeAutoscaling: true,
  headGroupSpec: { rayStartParams: { 'num-gpus': true }, template },
  workerGroupSpecs: {
    groupName: true,
    replicas: true,
    minReplicas: true,
    maxReplicas: true,
    numOfHosts: true,
    suspend: true,
    template,
  },
};
