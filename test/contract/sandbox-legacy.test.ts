import { describeChanging } from './changing.ts';
import { sandboxWorld } from './sandbox-world.ts';
import { useWorld, type World } from './world.ts';

/** Operators of early 2026: Dynamo writes v1alpha1, KubeRay cannot suspend a RayService. */
const releases: World['releases'] = {
  dynamo: { version: '1.1.1', apiVersion: 'nvidia.com/v1alpha1' },
  kuberay: { version: '1.6.2', apiVersion: 'ray.io/v1' },
};

describeChanging(useWorld(async () => ({ ...(await sandboxWorld('legacy')), releases })));
