import type { Subject } from './causes.ts';

/** A tool call, ready to be made. */
export const toolCall = (tool: string, input: Readonly<Record<string, unknown>>): string =>
  `${tool} ${JSON.stringify(input)}`;

/** How tools are told which deployment is meant. */
export const refOf = ({ name, namespace, runtime }: Subject) => ({ name, namespace, runtime });

const modelId = /^[\w.-]+(\/[\w.-]+)?$/;
const plainImage = /^[\w./:@-]+$/;

/**
 * Changes what was asked for: the deployment as far as its object tells it, with these fields; `null` leaves one to its default.
 * What others made is theirs to edit.
 */
export function redeploy(about: Subject, changes: Readonly<Record<string, unknown>> = {}): string {
  const { model, engine, mode, image, gpus, replicas, hfTokenSecret, managed } = about;
  if (!managed || model === null || !modelId.test(model)) return editByHand(about);
  const asked: Record<string, unknown> = {
    ...refOf(about),
    model,
    engine: engine === 'vllm' ? null : engine,
    mode: mode === 'aggregated' ? null : mode,
    image: image !== null && plainImage.test(image) ? image : null,
    gpus: gpus === 1 || gpus === 0 ? null : gpus,
    replicas: replicas.worker === 1 ? null : replicas.worker,
    prefillReplicas: replicas.prefill,
    decodeReplicas: replicas.decode,
    hfTokenSecret,
    ...changes,
    replace: true,
  };
  const known = Object.entries(asked).filter(([, value]) => value !== null && value !== undefined);
  return toolCall('deploy_model', Object.fromEntries(known));
}

export const editByHand = ({ resource, name, namespace }: Subject): string =>
  `kubectl edit ${resource} ${name} -n ${namespace}`;

/** The same, started anew. */
export const restart = (about: Subject): string => toolCall('restart_deployment', refOf(about));
export const removeIt = (about: Subject): string =>
  toolCall('delete_deployment', { ...refOf(about), ...(about.managed ? {} : { unmanaged: true }) });
export const readLogs = (about: Subject): string => toolCall('get_deployment_logs', refOf(about));

/** Creates what the deployment refers to and does not find. */
export const createSecret = (about: Subject, secret: string, key = 'HF_TOKEN'): string =>
  `kubectl create secret generic ${secret} -n ${about.namespace} --from-literal=${key}=<value>`;
