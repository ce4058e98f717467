import type { Clock } from '../clock.ts';
import { type FailureKind, isEngineFailure } from '../failures.ts';
import { engineFailures } from '../mishaps/engine-failures.ts';
import { parseServeConfig, type ServeApplication } from './serve-config.ts';

/** Simulated seconds from GPUs at hand to a loaded model, and from an edit to the new replicas. */
const loadSeconds = 14;
const updateSeconds = 5;

interface DeploymentState {
  readonly status: 'UPDATING' | 'HEALTHY' | 'UNHEALTHY' | 'DEPLOY_FAILED';
  readonly message?: string;
}

/** What Ray's dashboard answers about one application, in the form in which KubeRay copies it into a status. */
export interface ApplicationState {
  readonly status: 'DEPLOYING' | 'RUNNING' | 'UNHEALTHY' | 'DEPLOY_FAILED';
  readonly message?: string;
  readonly serveDeploymentStatuses: Readonly<Record<string, DeploymentState>>;
}

/** How loading ends: the application runs, fails, or loads for ever. */
export type Outcome = 'runs' | 'fails' | 'never';

type Stage = 'waiting' | 'loading' | 'running' | 'unhealthy' | 'failed';

interface Serving {
  text: string;
  applications: readonly ServeApplication[];
  stage: Stage;
  outcome: Outcome;
  /** What was wished for. */
  failure?: FailureKind;
  cancel: () => void;
}

/** What Ray runs inside each RayCluster (`namespace/name`), whether an operator watches or not. */
export interface RayServe {
  /** Hands the Serve config to the cluster's dashboard; throws on text that is no YAML. True when it was new. */
  submit(cluster: string, text: string): boolean;
  /** Tells what the cluster has: GPUs of its running workers, and how loading will end. */
  observe(cluster: string, gpus: number, outcome: Outcome, failure?: FailureKind): void;
  applications(cluster: string): Readonly<Record<string, ApplicationState>>;
  /** Whether an application runs there, so that the proxies on the workers answer. */
  serves(cluster: string): boolean;
  models(cluster: string): readonly string[];
  /** `engine_kwargs` of its first model, as they are now. */
  engine(cluster: string): unknown;
  forget(cluster: string): void;
  subscribe(listener: (cluster: string) => void): () => void;
}

const startFailure = (words: readonly string[]): string =>
  [
    'The deployment failed to start 3 times in a row. This may be due to a problem with its constructor or initial health check failing. See controller logs for details. Error:',
    'RuntimeError: Engine core initialization failed. See root cause above.',
    ...words,
  ].join('\n');

/** What an application fails of where nothing else was wished. */
const noCache = (model: string): readonly string[] => [
  `ValueError: No available memory for the cache blocks of ${model}. Try increasing \`gpu_memory_utilization\` when initializing the engine.`,
];

const lost =
  "A replica's health check failed: RayActorError: The actor died unexpectedly before finishing this task. The node that ran it is dead.";

const slow = (application: string, deployment: string): string =>
  `Deployment '${deployment}' in application '${application}' has 1 replicas that have taken more than 30s to initialize.\nThis may be caused by a slow __init__ or reconfigure method.`;

const unplaced = (application: string, deployment: string, gpus: number): string =>
  `Deployment '${deployment}' in application '${application}' has 1 replicas that have taken more than 30s to be scheduled. This may be due to waiting for the cluster to auto-scale or for a runtime environment to be installed. Resources required for each replica: [{"CPU": 1.0, "GPU": ${gpus.toFixed(1)}}], total resources available: {}. Use \`ray status\` for more details.`;

const applicationStatus = {
  waiting: 'DEPLOYING',
  loading: 'DEPLOYING',
  running: 'RUNNING',
  unhealthy: 'UNHEALTHY',
  failed: 'DEPLOY_FAILED',
} as const satisfies Record<Stage, string>;

const wordsOf = (failure: FailureKind | undefined): ((model: string) => readonly string[]) =>
  isEngineFailure(failure) ? engineFailures[failure] : noCache;

function stateOf(
  { name, deployments, models }: ServeApplication,
  { stage, outcome, failure }: Serving,
): ApplicationState {
  const one = (deployment: string, gpus: number): DeploymentState => {
    if (stage === 'waiting') {
      return gpus > 0 ? { status: 'UPDATING', message: unplaced(name, deployment, gpus) } : { status: 'UPDATING' };
    }
    if (gpus === 0 || stage === 'running') return { status: 'HEALTHY' };
    if (stage === 'loading')
      return { status: 'UPDATING', ...(outcome === 'never' ? { message: slow(name, deployment) } : {}) };
    if (stage === 'unhealthy') return { status: 'UNHEALTHY', message: lost };
    return { status: 'DEPLOY_FAILED', message: startFailure(wordsOf(failure)(models[0] ?? deployment)) };
  };
  const failing = deployments.filter(({ gpus }) => gpus > 0).map((deployment) => `'${deployment.name}'`);
  return {
    status: applicationStatus[stage],
    ...(stage === 'failed' ? { message: `Failed to update the deployments [${failing.join(', ')}].` } : {}),
    serveDeploymentStatuses: Object.fromEntries(deployments.map((each) => [each.name, one(each.name, each.gpus)])),
  };
}

export function createRayServe(clock: Clock): RayServe {
  const clusters = new Map<string, Serving>();
  const listeners = new Set<(cluster: string) => void>();

  const enter = (cluster: string, serving: Serving, stage: Stage) => {
    serving.cancel();
    serving.cancel = () => {};
    if (serving.stage === stage) return;
    serving.stage = stage;
    for (const listener of [...listeners]) listener(cluster);
  };
  const load = (cluster: string, serving: Serving, seconds: number) => {
    enter(cluster, serving, 'loading');
    if (serving.outcome === 'never') return;
    serving.cancel = clock.after(seconds, () =>
      enter(cluster, serving, serving.outcome === 'runs' ? 'running' : 'failed'),
    );
  };

  return {
    submit(cluster, text) {
      const serving = clusters.get(cluster);
      if (serving?.text === text) return false;
      const applications = parseServeConfig(text);
      if (serving === undefined) {
        clusters.set(cluster, { text, applications, stage: 'waiting', outcome: 'runs', cancel: () => {} });
        return true;
      }
      serving.text = text;
      serving.applications = applications;
      if (serving.stage !== 'waiting') load(cluster, serving, updateSeconds);
      return true;
    },
    observe(cluster, gpus, outcome, failure) {
      const serving = clusters.get(cluster);
      if (serving === undefined) return;
      const needed = serving.applications
        .flatMap(({ deployments }) => deployments)
        .reduce((sum, deployment) => sum + deployment.replicas * deployment.gpus, 0);
      const { stage } = serving;
      const changed = serving.outcome !== outcome;
      serving.outcome = outcome;
      serving.failure = failure;
      const enough = gpus >= needed;
      if ((stage === 'waiting' || stage === 'unhealthy') && enough) load(cluster, serving, loadSeconds);
      else if (stage === 'loading' && !enough) enter(cluster, serving, 'waiting');
      else if (stage === 'loading' && changed) load(cluster, serving, loadSeconds);
      else if (stage === 'running' && outcome === 'fails') load(cluster, serving, updateSeconds);
      else if (stage === 'failed' && outcome === 'runs') load(cluster, serving, loadSeconds);
      else if (stage === 'running' && needed > 0 && gpus === 0) enter(cluster, serving, 'unhealthy');
    },
    applications(cluster) {
      const serving = clusters.get(cluster);
      if (serving === undefined) return {};
      return Object.fromEntries(serving.applications.map((each) => [each.name, stateOf(each, serving)]));
    },
    serves: (cluster) => clusters.get(cluster)?.stage === 'running',
    models: (cluster) => clusters.get(cluster)?.applications.flatMap(({ models }) => models) ?? [],
    engine: (cluster) => clusters.get(cluster)?.applications[0]?.engine,
    forget(cluster) {
      clusters.get(cluster)?.cancel();
      clusters.delete(cluster);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
