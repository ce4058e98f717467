import { FoundryError } from '../errors.ts';

/** What the hub tells of a model without its files. Unknown is null. */
export interface HubModel {
  readonly id: string;
  readonly gated: boolean | null;
  readonly licence: string | null;
  readonly architecture: string | null;
  /** Numbers in the safetensors files by dtype (`BF16`, `F8_E4M3`, `I32`, …). */
  readonly tensors: Readonly<Record<string, number>> | null;
  readonly quantization: string | null;
}

/** What the hub answered, or why it did not: none of these is a failure of ours. */
export type HubAnswer<Value> =
  | { readonly state: 'found'; readonly value: Value }
  /** `missing`: nothing of that name, or nothing that may be seen; `refused`: its terms were not accepted, or no token. */
  | { readonly state: 'missing' | 'refused' | 'unreachable'; readonly message: string };

/** The only door to a model hub. Reads metadata, never weights; throws only the reason of an aborted signal. */
export interface Hub {
  /** For messages. */
  readonly host: string;
  /** Text-generation models whose names match, those downloaded most first. */
  search(query: string, limit: number, signal: AbortSignal): Promise<HubAnswer<readonly HubModel[]>>;
  model(id: string, signal: AbortSignal): Promise<HubAnswer<HubModel>>;
  /** The model's config.json; for gated models this needs access, so that the answer tells whether the token has it. */
  config(id: string, signal: AbortSignal): Promise<HubAnswer<unknown>>;
}

export interface HubOptions {
  /** URL of the hub or of a mirror; default the public one. */
  readonly endpoint?: string;
  /** For metadata of gated and private models. Sent to the endpoint only. */
  readonly token?: string;
  /** Milliseconds for one request; default 4,000. */
  readonly deadline?: number;
}

const publicHub = 'https://huggingface.co';

/**
 * The Hugging Face hub or a mirror of it. Its client is loaded with the first question.
 *
 * @throws FoundryError INPUT_INVALID for an endpoint that is no URL
 */
export function openHub({ endpoint = publicHub, token, deadline = 4_000 }: HubOptions): Hub {
  const url = URL.parse(endpoint);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new FoundryError(
      'INPUT_INVALID',
      'HF_ENDPOINT is no URL of a model hub.',
      'Unset HF_ENDPOINT, or correct it.',
    );
  }
  let loading: Promise<Hub> | undefined;
  const hub = () => {
    loading ??= import('./hugging-face.ts').then(({ createHuggingFaceHub }) =>
      createHuggingFaceHub({ endpoint: endpoint.replace(/\/+$/, ''), token, deadline }),
    );
    return loading;
  };
  return {
    host: url.host,
    search: async (...question) => (await hub()).search(...question),
    model: async (...question) => (await hub()).model(...question),
    config: async (...question) => (await hub()).config(...question),
  };
}
