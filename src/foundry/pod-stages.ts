import type { DeploymentDetail } from './detail.ts';

type Pod = DeploymentDetail['pods'][number];

/** How far a pod is, in the order in which it goes. */
const stages = [
  'without a node',
  'pulling an image',
  'initializing',
  'starting',
  'loading the model',
  'failing',
  'ready',
] as const;
type Stage = (typeof stages)[number];

/** Phases of pods that do not come back. */
const ended: ReadonlySet<string> = new Set(['Terminating', 'Succeeded', 'Failed']);

const waitingReasons: Readonly<Record<string, Stage>> = {
  ContainerCreating: 'pulling an image',
  ErrImagePull: 'pulling an image',
  PodInitializing: 'initializing',
};

/** Loading the weights and warming up cannot be told apart from outside: the container runs and is not ready. */
function stageOf({ node, ready, reason, role }: Pod): Stage {
  if (ready) return 'ready';
  if (node === null) return 'without a node';
  if (reason !== null) return waitingReasons[reason] ?? 'failing';
  return role === 'frontend' || role === 'head' ? 'starting' : 'loading the model';
}

/** How far the pods are, the least far first: `1 pulling an image, 2 loading the model`; empty where there are none. */
export function stageWords(pods: readonly Pod[]): string {
  const counts = Map.groupBy(
    pods.filter(({ phase }) => !ended.has(phase)),
    stageOf,
  );
  return stages.flatMap((stage) => (counts.has(stage) ? [`${counts.get(stage)?.length} ${stage}`] : [])).join(', ');
}
