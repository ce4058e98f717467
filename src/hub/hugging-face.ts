import { HubApiError, listModels, modelInfo } from '@huggingface/hub';
import { entriesAt, textAt, valueAt } from '../kubernetes.ts';
import type { Hub, HubAnswer, HubModel, HubOptions } from './hub.ts';

const fields = ['safetensors', 'config', 'cardData'] as const;

/** The Hugging Face hub, or a mirror of it, through its own client library. */
export function createHuggingFaceHub(options: Required<Pick<HubOptions, 'endpoint' | 'deadline'>> & HubOptions): Hub {
  const { endpoint, token, deadline } = options;
  const host = new URL(endpoint).host;

  /** What every request takes. The library refuses tokens of another form. */
  const settings = (signal: AbortSignal) => ({
    hubUrl: endpoint,
    ...(token?.startsWith('hf_') && { accessToken: token }),
    fetch: (input: Parameters<typeof fetch>[0], init?: RequestInit) =>
      fetch(input, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(deadline)]) }),
  });

  async function answer<Value>(signal: AbortSignal, ask: () => Promise<HubAnswer<Value>>): Promise<HubAnswer<Value>> {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof HubApiError) return refusal(error.statusCode);
      return { state: 'unreachable', message: `${host} does not answer.` };
    }
  }

  const refusal = (status: number): HubAnswer<never> => {
    if (status === 404) return { state: 'missing', message: `${host} has nothing of that name.` };
    if (status === 403) return { state: 'refused', message: `${host} refuses the token of HF_TOKEN.` };
    // Without a token the hub does not tell private models from those that do not exist.
    if (status === 401)
      return { state: 'missing', message: `${host} shows nothing of that name without a valid token.` };
    return { state: 'unreachable', message: `${host} answers with status ${status}.` };
  };

  return {
    host,

    search: (query, limit, signal) =>
      answer(signal, async () => {
        const found: HubModel[] = [];
        const listed = listModels({
          ...settings(signal),
          search: { query, task: 'text-generation' },
          sort: 'downloads',
          additionalFields: [...fields],
          limit,
        });
        for await (const entry of listed) found.push(modelOf(entry));
        return { state: 'found', value: found };
      }),

    model: (id, signal) =>
      answer(signal, async () => {
        const entry = await modelInfo({ ...settings(signal), name: id, additionalFields: [...fields] });
        return { state: 'found', value: modelOf(entry) };
      }),

    // One plain request: the library's download asks for a range first, which mirrors need not serve.
    config: (id, signal) =>
      answer<unknown>(signal, async () => {
        const { fetch: send, accessToken } = { accessToken: undefined, ...settings(signal) };
        const headers = accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
        const response = await send(`${endpoint}/${id}/resolve/main/config.json`, { headers });
        if (response.ok) return { state: 'found', value: await response.json() };
        await response.body?.cancel();
        if (response.status !== 401 && response.status !== 403) return refusal(response.status);
        return { state: 'refused', message: `${host} does not give the files of ${id} to the token of HF_TOKEN.` };
      }),
  };
}

/** Decoded leniently: mirrors leave things out. */
function modelOf(entry: { readonly name: string; readonly gated: unknown }): HubModel {
  const { name: id, gated } = entry;
  const tensors = entriesAt(entry, 'safetensors', 'parameters').flatMap(([dtype, count]) =>
    typeof count === 'number' && count >= 0 ? [[dtype, count] as const] : [],
  );
  const licence = valueAt(entry, 'cardData', 'license_name') ?? valueAt(entry, 'cardData', 'license');
  return {
    id,
    gated: gated === undefined || gated === null ? null : gated !== false,
    licence: typeof licence === 'string' ? licence : null,
    architecture: textAt(entry, 'config', 'architectures', 0) ?? null,
    tensors: tensors.length === 0 ? null : Object.fromEntries(tensors),
    quantization: textAt(entry, 'config', 'quantization_config', 'quant_method') ?? null,
  };
}
