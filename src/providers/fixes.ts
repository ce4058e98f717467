import { isDeepStrictEqual } from 'node:util';
import type { AskedSpec } from './asked.ts';
import type { Subject } from './causes.ts';
import { bytes } from './quantities.ts';

/** A tool call, ready to be made. */
export const toolCall = (tool: string, input: Readonly<Record<string, unknown>>): string =>
  `${tool} ${JSON.stringify(input)}`;

/** How tools are told which deployment is meant. */
export const refOf = ({ name, namespace, runtime }: Subject) => ({ name, namespace, runtime });

/** Characters of a call: one that says more is no answer in few words any more. */
const longestCall = 700;

/** Characters of a value: room for an image with its digest, and for no message. */
const longestValue = 160;

/** Names, numbers and quantities, in which nobody who may edit the object can hide sentences for whoever reads the fix. */
const isPlain = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).every(([name, part]) => isPlain(name) && isPlain(part))
    : /^[\w./:@=+,-]*$/.test(String(value)) && String(value).length <= longestValue;

/** What is chosen anyway where nothing is said. */
const defaults: AskedSpec = { engine: 'vllm', mode: 'aggregated', gpus: 1, replicas: 1 };

/**
 * The call that asks for all that the deployment asks for, with these fields changed; `null` leaves one to its default.
 * What others made, or what no call of ours can say safely, is edited by hand. A call that asks for nothing else than it
 * asks for already is no fix: then `otherwise` is.
 */
export function redeploy(about: Subject, changes: Changes, otherwise = editByHand(about)): string {
  const { asked, managed } = about;
  const byHand = `${editByHand(about)}${inWords(changes)}`;
  if (!managed || asked?.model === undefined) return byHand;
  const fields = said({ ...asked, ...changes });
  if (isDeepStrictEqual(Object.fromEntries(fields), Object.fromEntries(said(asked)))) return otherwise;
  const call = toolCall('deploy_model', { ...refOf(about), ...Object.fromEntries(fields), replace: true });
  return call.length <= longestCall && fields.every(([, value]) => isPlain(value)) ? call : byHand;
}

/** What to change by hand, as a comment of the shell. */
function inWords(changes: Changes): string {
  const words = Object.entries(changes).map(([field, value]) =>
    value === null ? `no ${field}` : `${field}: ${JSON.stringify(value)}`,
  );
  const text = words.join(', ');
  return Object.values(changes).every(isPlain) && text.length <= longestValue ? ` # ${text}` : '';
}

type Changes = { readonly [field in keyof AskedSpec]?: AskedSpec[field] | null };

const said = (fields: Changes) =>
  Object.entries(fields).filter(([field, value]) => value !== null && value !== undefined && !isDefault(field, value));

const isDefault = (field: string, value: unknown): boolean =>
  Object.entries(defaults).some(([name, usual]) => name === field && usual === value);

const gibibytes = (quantity: string | null): number => (bytes(quantity ?? '') ?? 0) / 2 ** 30;

/** GiB of a container with which an engine may still start. */
const leastMemory = 4;

/** Twice the memory that it has, or so many GiB where that is not known. */
export function moreThan(quantity: string | null, usual: number): string {
  return `${Math.ceil(gibibytes(quantity) * 2) || usual}Gi`;
}

/** So many GiB, or half of what it has where that is less; undefined where no engine would start with it. */
export function lessThan(quantity: string | null, usual: number): string | undefined {
  const less = Math.min(usual, Math.floor(gibibytes(quantity) / 2));
  return less < leastMemory ? undefined : `${less}Gi`;
}

export const editByHand = ({ resource, name, namespace }: Subject): string =>
  `kubectl edit ${resource} ${name} -n ${namespace}`;

/** What others made is changed only where that is said. */
const others = ({ managed }: Subject) => (managed ? {} : { unmanaged: true });

/** The same, started anew. */
export const restart = (about: Subject): string =>
  toolCall('restart_deployment', { ...refOf(about), ...others(about) });
export const removeIt = (about: Subject): string =>
  toolCall('delete_deployment', { ...refOf(about), ...others(about) });
export const scaleTo = (about: Subject, replicas: number, role?: string): string =>
  toolCall('scale_deployment', { ...refOf(about), replicas, ...(role && { role }), ...others(about) });
export const readLogs = (about: Subject): string => toolCall('get_deployment_logs', refOf(about));

/** Creates what the deployment refers to and does not find. */
export const createSecret = (about: Subject, secret: string, key = 'HF_TOKEN'): string =>
  `kubectl create secret generic ${secret} -n ${about.namespace} --from-literal=${key}=<value>`;
