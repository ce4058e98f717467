import { capacityProblems } from '../capacity.ts';
import { placementProblems } from '../placement.ts';
import type { Facts, Problem } from '../provider.ts';
import { cores } from '../quantities.ts';
import { type DeploymentSpec, deploymentName } from '../spec.ts';
import { engineArgumentProblems } from './engine-arguments.ts';
import { fullImageOf, rayVersionOf } from './images.ts';
import { detect, rayServiceFields } from './installation.ts';
import { isStopped, rolesOf, workerCpus } from './manifest.ts';
import { defaultRayVersion } from './releases.ts';
import { askedReplicas } from './serve-config.ts';

/** RayService names: the operator refuses longer ones after admission (1.6.2, 1.7.0: ValidationFailed). */
export const longestName = 47;

type Refusal = Omit<Problem, 'severity'>;
const error = (refusal: Refusal): Problem => ({ severity: 'error', ...refusal });
const warning = (refusal: Refusal): Problem => ({ severity: 'warning', ...refusal });

function nameProblems({ name }: DeploymentSpec): readonly Problem[] {
  if (name.length <= longestName && deploymentName.safeParse(name).success) return [];
  return [
    error({
      path: 'name',
      code: 'INPUT_INVALID',
      message: `${JSON.stringify(name)} cannot name a RayService: at most ${longestName} lower-case letters, digits and dashes, beginning with a letter.`,
      hint: 'Choose a shorter name without dots, such as qwen-7b.',
    }),
  ];
}

/** Fields that KubeRay, or the chosen mode, has no use for. */
function choiceProblems(spec: DeploymentSpec): readonly Problem[] {
  const problems: Problem[] = [];
  if (spec.engine !== undefined && spec.engine !== 'vllm')
    problems.push(
      error({
        path: 'engine',
        code: 'INVALID_FOR_RUNTIME',
        message: `KubeRay serves with vllm only, not ${spec.engine}.`,
        hint: 'Leave engine out, or choose the runtime dynamo for sglang and trtllm.',
        allowed: ['vllm'],
      }),
    );
  if (spec.router !== undefined)
    problems.push(
      error({
        path: 'router',
        code: 'INVALID_FOR_RUNTIME',
        message: 'KubeRay has no router modes; Ray Serve spreads the requests.',
        hint: 'Leave router out, or choose the runtime dynamo.',
        allowed: [],
      }),
    );
  const apart = (['prefillReplicas', 'decodeReplicas'] as const).find((path) => spec[path] !== undefined);
  if (spec.mode !== 'disaggregated' && apart !== undefined)
    problems.push(
      error({
        path: apart,
        code: 'INVALID_FOR_RUNTIME',
        message: `${apart} has a meaning in mode disaggregated only.`,
        hint: 'Use replicas, or mode=disaggregated.',
        allowed: ['replicas'],
      }),
    );
  return problems;
}

function stopProblems(spec: DeploymentSpec, facts: Facts): readonly Problem[] {
  const stopped = rolesOf(spec).filter((role) => askedReplicas(spec, role) === 0);
  const [first] = stopped;
  if (first === undefined) return [];
  const path = spec.mode === 'disaggregated' && spec.replicas !== 0 ? `${first}Replicas` : 'replicas';
  if (!isStopped(spec))
    return [
      error({
        path,
        code: 'INPUT_INVALID',
        message: 'A disaggregated deployment serves with at least one prefill and one decode replica.',
        hint: 'Set both to 0 to stop it, or both to 1 or more.',
      }),
    ];
  const fields = rayServiceFields(facts);
  if (fields === undefined || fields.includes('suspend')) return [];
  return [
    error({
      path,
      code: 'NOT_SUPPORTED',
      message: 'This KubeRay cannot stop a RayService: its CRD has no spec.suspend, which came with 1.7.',
      hint: `Delete it with delete_deployment name=${spec.name}, or upgrade KubeRay with install_runtime runtime=kuberay version=1.7.0.`,
    }),
  ];
}

/** Ray gives each replica's worker its GPUs and CPUs for the actors on it; one actor beside the model serves requests. */
function cpuProblems(spec: DeploymentSpec): readonly Problem[] {
  const gpus = spec.gpus ?? 1;
  const cpus = spec.cpu === undefined ? undefined : cores(spec.cpu);
  if (cpus !== undefined && cpus < gpus + 1)
    return [
      error({
        path: 'cpu',
        code: 'INPUT_INVALID',
        message: `A replica on ${gpus} GPUs needs ${gpus + 1} CPUs in its worker (one per GPU and one for itself), not ${spec.cpu}.`,
        hint: `Leave cpu out, or give ${workerCpus(gpus)} or more.`,
      }),
    ];
  if (cpus !== undefined && cpus < workerCpus(gpus))
    return [
      warning({
        path: 'cpu',
        code: 'INPUT_INVALID',
        message: `With ${spec.cpu} CPUs per worker the OpenAI ingress may find no place, and the application never finishes deploying.`,
        hint: `Give ${workerCpus(gpus)} or more.`,
      }),
    ];
  return [];
}

function imageProblems({ image }: DeploymentSpec): readonly Problem[] {
  if (image === undefined) return [];
  const full = fullImageOf(image);
  if (full !== undefined)
    return [
      error({
        path: 'image',
        code: 'INPUT_INVALID',
        message: `${image} does not exist: ray-llm's tags also name Python and CUDA.`,
        hint: `Use image=${full}.`,
      }),
    ];
  if (rayVersionOf(image) !== undefined) return [];
  return [
    warning({
      path: 'image',
      code: 'INPUT_INVALID',
      message: `The tag of ${image} does not tell its Ray version; ${defaultRayVersion} is assumed.`,
      hint: 'Use a tag that begins with the Ray version.',
    }),
  ];
}

/** Ray Serve LLM reads `model:adapter` in requests, and looks for the model by what stands before the colon (Ray 2.58). */
function servedNameProblems({ servedModelName }: DeploymentSpec): readonly Problem[] {
  if (servedModelName === undefined || !servedModelName.includes(':')) return [];
  return [
    warning({
      path: 'servedModelName',
      code: 'INVALID_FOR_RUNTIME',
      message: `Ray Serve takes what follows the colon in ${servedModelName} for a LoRA adapter, so requests by this name find no model.`,
      hint: 'Use a name without a colon.',
    }),
  ];
}

function namespaceProblems({ namespace }: DeploymentSpec, facts: Facts): readonly Problem[] {
  const { watches } = detect(facts);
  if (watches === undefined || watches.includes(namespace)) return [];
  return [
    error({
      path: 'namespace',
      code: 'INVALID_FOR_RUNTIME',
      message: `The KubeRay operator does not watch the namespace ${namespace}: a RayService there would wait for ever.`,
      hint: `Use namespace=${watches.join(' or ')}.`,
      allowed: watches,
    }),
  ];
}

/**
 * What is wrong with a spec for KubeRay. Repeats what the operator checks only after admission, where a server dry-run sees nothing.
 */
export function validate(spec: DeploymentSpec, facts: Facts): readonly Problem[] {
  const choices = choiceProblems(spec);
  return [
    ...nameProblems(spec),
    ...namespaceProblems(spec, facts),
    ...choices,
    // Which replicas are meant is not clear before the choices are.
    ...(choices.length > 0 ? [] : stopProblems(spec, facts)),
    ...capacityProblems(spec, facts),
    ...cpuProblems(spec),
    ...imageProblems(spec),
    ...servedNameProblems(spec),
    ...engineArgumentProblems(spec),
    ...placementProblems(spec),
  ];
}
