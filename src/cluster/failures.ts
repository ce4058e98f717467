import { type ErrorCode, FoundryError } from '../errors.ts';
import { listAt, numberAt, textAt } from '../kubernetes.ts';
import type { Context } from './context.ts';
import type { ConnectionFailure } from './exchange.ts';
import { type ApiRequest, describe, type Reply, resourceWord, type Target } from './request.ts';

type Where = Pick<Context, 'name' | 'server'>;

/** The server's words are repeated as they are, but not for pages. */
const longestWords = 2_000;

/**
 * What an answer outside 2xx means, from its HTTP status and its Kubernetes Status.
 *
 * Source: k8s.io/apimachinery v0.35 `api/errors`, and the answers in recordings/dynamo/rejections.md
 */
export function failureOf(reply: Reply, target: Target, where: Where): FoundryError {
  const { status } = reply;
  const words = wordsOf(reply);
  const answer: Answer = { reply, target, where, words, status };
  if (status === 401) return unauthenticated(answer);
  if (status === 403) return forbidden(answer);
  if (status === 404) return notFound(answer);
  if (status === 409) return conflict(answer);
  if (status === 500 && isWrongInput(words)) return rejected(answer);
  if (status === 500 && words.includes('webhook')) return brokenWebhook(answer);
  if (status >= 500 && isKubelet(answer)) return kubeletUnreached(answer);
  if (status === 405 || status === 406 || status === 415) return failure('NOT_SUPPORTED', answer, askDoctor);
  if (status === 410) return failure('CONFLICT', answer, 'Read again from the beginning.');
  if (status === 408 || status === 504) return failure('TIMEOUT', answer, 'Try again; the server is slow.');
  if (status === 429) return failure('CLUSTER_UNREACHABLE', answer, 'The server is overloaded: try again in a minute.');
  if (status >= 500) return failure('CLUSTER_UNREACHABLE', answer, askDoctor);
  if (status === 422 && isFailedTest(answer)) return changedMeanwhile(answer);
  if (status >= 400) return rejected(answer);
  return failure('CLUSTER_UNREACHABLE', answer, `Is ${where.server} really a Kubernetes API server?`);
}

interface Answer {
  readonly reply: Reply;
  readonly target: Target;
  readonly where: Where;
  readonly words: string;
  readonly status: number;
}

const askDoctor = 'Run `kubefoundry doctor` to see what works.';

/** The Status' message, else the beginning of the text. */
function wordsOf({ content, body, status }: Reply): string {
  const message = textAt(content, 'message') ?? body.subarray(0, 500).toString('utf8').trim();
  return message.length > longestWords ? `${message.slice(0, longestWords)}…` : message || `HTTP ${status}`;
}

function failure(code: ErrorCode, answer: Answer, hint: string, details: Record<string, unknown> = {}): FoundryError {
  const { target, words, status, where } = answer;
  const message = `Cannot ${describe(target)}: ${words.replace(/\.$/, '')}.`;
  const { verb, group, plural, subresource, namespace, name } = target;
  const what = { verb, group, resource: subresource ? `${plural}/${subresource}` : plural, namespace, name };
  return new FoundryError(code, message, hint, { ...what, status, context: where.name, ...details });
}

function unauthenticated(answer: Answer): FoundryError {
  const hint = 'Log in to the cluster again, or renew the token or certificate in the kubeconfig.';
  return failure(
    'UNAUTHENTICATED',
    { ...answer, words: `${answer.where.server} does not accept our credentials` },
    hint,
  );
}

function forbidden(answer: Answer): FoundryError {
  const { reply, target, words } = answer;
  if (words.includes('exceeded quota')) {
    return failure(
      'QUOTA',
      answer,
      `Free quota, or raise it: kubectl describe quota -n ${target.namespace ?? 'NAMESPACE'}`,
    );
  }
  if (
    causes(reply).some(({ reason }) => reason === 'NamespaceTerminating') ||
    words.includes('it is being terminated')
  ) {
    return failure('REJECTED', answer, 'Wait until the namespace is gone, or use another one.');
  }
  // Authorization says `User "x" cannot list resource …`; whatever else refuses a write is admission.
  const unauthorized = /\bcannot \S+ (resource|path)\b/.test(words) || textAt(reply.content, 'reason') !== 'Forbidden';
  if (!unauthorized && target.verb !== 'get' && target.verb !== 'list' && target.verb !== 'watch')
    return rejected(answer);
  const scope = target.namespace ? ` -n ${target.namespace}` : target.namespaced ? ' -A' : '';
  const question = `kubectl auth can-i ${target.verb} ${resourceWord(target)}${scope}`;
  return failure('FORBIDDEN', answer, `Ask an administrator for this right; check it with: ${question}`);
}

function notFound(answer: Answer): FoundryError {
  const served = textAt(answer.reply.content, 'details', 'name') !== undefined;
  const namespace =
    textAt(answer.reply.content, 'details', 'kind') === 'namespaces' ? answer.target.namespace : undefined;
  if (namespace) {
    const hint = `Create the namespace first: kubectl create namespace ${namespace}`;
    return failure('NOT_FOUND', answer, hint, { missing: 'namespace' });
  }
  if (served) return failure('NOT_FOUND', answer, `List what there is: ${kubectlGet(answer.target)}`);
  return notServed(answer.where, answer.target);
}

const kubectlGet = ({ group, plural, namespace }: Target): string =>
  `kubectl get ${plural.startsWith('/') ? '--raw ' : ''}${resourceWord({ group, plural })}${namespace ? ` -n ${namespace}` : ''}`;

/** The NOT_FOUND of a kind that the cluster does not serve. */
export function notServed(
  where: Where,
  resource: { group: string; plural?: string; kind?: string; version?: string },
): FoundryError {
  const { group, plural, kind, version } = resource;
  const apiVersion = [group, version].filter((part) => part).join('/');
  const word = kind ? `${kind}${apiVersion ? ` (${apiVersion})` : ''}` : `${plural}${group ? `.${group}` : ''}`;
  return new FoundryError(
    'NOT_FOUND',
    `The cluster of context ${where.name} does not serve ${word}.`,
    'Its CRD is missing: `kubefoundry runtimes` shows which runtimes are installed.',
    { group, kind, plural, version, context: where.name, served: false },
  );
}

function conflict(answer: Answer): FoundryError {
  const { reply, target } = answer;
  if (textAt(reply.content, 'reason') === 'AlreadyExists') {
    return failure('ALREADY_EXISTS', answer, `Look at it first: ${kubectlGet(target)} ${target.name ?? ''}`.trim());
  }
  const byManager = new Map<string, string[]>();
  for (const { reason, message, field } of causes(reply)) {
    const manager = /conflict with "([^"]+)"/.exec(message)?.[1];
    if (reason === 'FieldManagerConflict' && manager)
      byManager.set(manager, [...(byManager.get(manager) ?? []), field]);
  }
  if (byManager.size === 0) {
    const hint = 'Read the object again and repeat the change.';
    return failure('CONFLICT', answer, hint, { changedMeanwhile: true });
  }
  const conflicts = [...byManager].map(([manager, fields]) => ({ manager, fields }));
  const words = conflicts.map(({ manager, fields }) => `${manager} owns ${fields.join(', ')}`).join('; ');
  const hint =
    'Leave these fields out, or let their owner change them; kubectl apply --server-side --force-conflicts takes them over.';
  return failure('CONFLICT', { ...answer, words }, hint, { conflicts });
}

function causes({ content }: Reply): readonly { reason: string; message: string; field: string }[] {
  return listAt(content, 'details', 'causes').map((cause) => ({
    reason: textAt(cause, 'reason') ?? '',
    message: textAt(cause, 'message') ?? '',
    field: textAt(cause, 'field') ?? '',
  }));
}

/** Server-side apply answers 500 without a reason for duplicate keys and for fields that the schema does not know. */
const isWrongInput = (words: string): boolean =>
  /failed to create typed patch object|field not declared in schema|duplicate entries for key|failed to create manager/.test(
    words,
  );

/** A JSON patch whose tests do not hold, or whose paths are gone, is refused in these words and no others. */
const isFailedTest = ({ target, words }: Answer): boolean =>
  target.verb === 'patch' && words === 'the server rejected our request due to an error in our request';

/** The failure of a request that was sent again because an answer was lost: the first one may have been carried out. */
export function afterLoss(failure: unknown): unknown {
  if (!(failure instanceof FoundryError)) return failure;
  const { code, message, hint, details } = failure;
  return new FoundryError(code, message, hint, { ...details, isAnswerLost: true }, { cause: failure });
}

const changedMeanwhile = (answer: Answer): FoundryError =>
  failure('CONFLICT', { ...answer, words: 'it was changed since it was read' }, 'Call again: it is read anew.');

function rejected(answer: Answer): FoundryError {
  const fields = causes(answer.reply)
    .map(({ field, message }) => ({ field, message }))
    .filter(({ field }) => field !== '<nil>');
  return failure(
    'REJECTED',
    answer,
    'Change what the message names, and try again.',
    fields.length > 0 ? { causes: fields } : {},
  );
}

function brokenWebhook(answer: Answer): FoundryError {
  const webhook = /webhook "([^"]+)"|webhook for ([^,:]+)/.exec(answer.words);
  return failure(
    'RUNTIME_UNHEALTHY',
    answer,
    "The operator behind this webhook does not answer: see `kubefoundry runtimes` and the operator's pods.",
    { webhook: webhook?.[1] ?? webhook?.[2] },
  );
}

/** The API server fetches logs from kubelets, and tells in its own words how that failed. */
const isKubelet = ({ target, words }: Answer): boolean =>
  target.subresource === 'log' && /\/containerLogs\/|\bdial(ing)? (tcp|backend)\b|No agent available/.test(words);

/** The cluster answers, so that nothing is wrong with the way to it. */
function kubeletUnreached(answer: Answer): FoundryError {
  const { target, words } = answer;
  const kubelet = (/:\/\/([^/\s"]+)\/containerLogs\//.exec(words) ?? /\bdial tcp (\S+):(?=\s|$)/.exec(words))?.[1];
  const at = kubelet === undefined ? 'of its node (port 10250)' : `at ${kubelet}`;
  return failure(
    'REJECTED',
    answer,
    `The API server could not reach the kubelet ${at}: check the network, firewall and certificates between them. Which node it is: kubectl get pod ${target.name} -n ${target.namespace} -o wide`,
    { kubelet: kubelet ?? null },
  );
}

export function unreachable(where: Where, cause: ConnectionFailure, request: ApiRequest): FoundryError {
  const uncertain = cause.reached && request.changes && !request.idempotent;
  const doubt = uncertain ? ' It may have been carried out all the same.' : '';
  return new FoundryError(
    'CLUSTER_UNREACHABLE',
    `Cannot reach the API server ${where.server} of context ${where.name}: ${cause.message}.${doubt}`,
    'Check that the cluster runs and that network, VPN and kubeconfig lead to it (`kubefoundry doctor`); without one, try `kubefoundry sandbox`.',
    { server: where.server, context: where.name, uncertain },
    { cause },
  );
}

export function timedOut(where: Where, target: Target, deadline: number): FoundryError {
  return new FoundryError(
    'TIMEOUT',
    `${where.server} did not answer within ${deadline / 1000} s: ${describe(target)}.`,
    'Try again; if it stays slow, `kubefoundry doctor` shows how fast the server is.',
    { server: where.server, context: where.name, deadline },
  );
}

export function tooLarge(target: Target, limit: number): FoundryError {
  return new FoundryError(
    'INTERNAL',
    `The answer is larger than ${limit / 1024 / 1024} MB: ${describe(target)}.`,
    'Narrow it to one namespace.',
  );
}

/** The failure that a watch reports inside its stream: a Status with a code. */
export function failureInStream(status: unknown, target: Target, where: Where): FoundryError {
  const code = numberAt(status, 'code') ?? 500;
  return failureOf({ status: code, headers: {}, body: Buffer.alloc(0), content: status }, target, where);
}
