import type { Facts } from '../provider.ts';
import { isAtLeast, parseVersion, type Version } from '../semantic-version.ts';
import type { DeploymentSpec, Engine, Mode, WorkerRole } from '../spec.ts';
import { passedFlags } from './engine-flags.ts';
import { launch, type Variable } from './engines.ts';
import { detect } from './installation.ts';
import { defaultVersion, runtimeImage } from './releases.ts';
import { imageVersion } from './versions.ts';

/** One component as we write it, before it takes the shape of an API version. */
export interface Component {
  readonly name: 'Frontend' | WorkerRole;
  readonly role: 'frontend' | WorkerRole;
  readonly replicas: number;
  readonly image: string;
  /** Where the image's tag does not say the runtime's version, and the operator asks for it. */
  readonly runtimeVersion: string | undefined;
  /** The operator supplies a frontend's command. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly environment: readonly Variable[];
  /** 0 = none. */
  readonly gpus: number;
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
}

/** The spec with everything filled in that the user left to us, and what follows from the installation. */
export interface Choices {
  readonly engine: Engine;
  readonly mode: Mode;
  readonly image: string;
  /** Version of the runtime in the image, else of the operator; undefined where neither is known. */
  readonly version: Version | undefined;
  readonly runtimeVersion: string | undefined;
}

/** The runtime image follows the installed operator's version: components of one graph must match it (operator 1.4). */
export function choicesOf(spec: DeploymentSpec, facts: Facts): Choices {
  const engine = spec.engine ?? 'vllm';
  const installed = detect(facts).version;
  const installedVersion = installed === undefined ? undefined : parseVersion(installed);
  const image = spec.image ?? runtimeImage(engine, installed ?? defaultVersion);
  const tagged = imageVersion(image);
  const asksForVersion = tagged === undefined && isAtLeast(installedVersion, 1, 4);
  return {
    engine,
    mode: spec.mode ?? 'aggregated',
    image,
    version: tagged ?? installedVersion,
    runtimeVersion:
      asksForVersion && installedVersion
        ? `${installedVersion.major}.${installedVersion.minor}.${installedVersion.patch}`
        : undefined,
  };
}

/** Replicas of every worker role; in disaggregated mode `replicas` stands for each role that is not named. */
function workerReplicas(spec: DeploymentSpec, mode: Mode): readonly (readonly [WorkerRole, number])[] {
  const { replicas = 1 } = spec;
  if (mode === 'aggregated') return [['worker', replicas]];
  return [
    ['prefill', spec.prefillReplicas ?? replicas],
    ['decode', spec.decodeReplicas ?? replicas],
  ];
}

/** The components of a deployment: one frontend, and one component per worker role. */
export function componentsOf(spec: DeploymentSpec, choices: Choices): readonly Component[] {
  const { engine, mode, image, version, runtimeVersion } = choices;
  const frontend: Component = {
    name: 'Frontend',
    role: 'frontend',
    replicas: 1,
    image,
    runtimeVersion,
    command: [],
    args: [],
    environment: spec.router === undefined ? [] : [{ name: 'DYN_ROUTER_MODE', value: spec.router }],
    gpus: 0,
    cpu: undefined,
    memory: undefined,
  };
  const workers = workerReplicas(spec, mode).map(([role, replicas]): Component => {
    const { command, args, environment } = launch(spec, engine, role, version);
    return {
      name: role,
      role,
      replicas,
      image,
      runtimeVersion,
      command,
      args: [...args, ...passedFlags(engine, spec.engineArgs)],
      environment,
      gpus: spec.gpus ?? 1,
      cpu: spec.cpu,
      memory: spec.memory,
    };
  });
  return [frontend, ...workers];
}
