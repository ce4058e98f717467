import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A repository as the hub keeps it. */
export interface Repository {
  readonly id: string;
  readonly gated?: 'auto' | 'manual' | false;
  readonly licence?: string;
  readonly tensors?: Readonly<Record<string, number>>;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What the Hugging Face hub answers to the questions that we ask, on loopback. */
export interface ModelHub {
  readonly url: string;
  /** Lines of the requests since the last clearing, with the token that came along. */
  readonly requests: { readonly line: string; readonly token: string | undefined }[];
  /** How it fails from now on; undefined = it does not. */
  failure: 'silent' | number | undefined;
  stop(): Promise<void>;
}

/** `readers`: tokens that may read gated repositories. */
export async function startModelHub(
  repositories: readonly Repository[],
  readers: readonly string[] = [],
): Promise<ModelHub> {
  const requests: { line: string; token: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const token = request.headers.authorization?.replace('Bearer ', '');
    requests.push({ line: `${request.method} ${request.url}`, token });
    if (hub.failure === 'silent') return;
    if (hub.failure === undefined) answer(request, response, token);
    else response.writeHead(hub.failure).end();
  });

  function answer(request: IncomingMessage, response: ServerResponse, token: string | undefined): void {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://hub');
    const [status, body] = reply(pathname, searchParams, token);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  }

  function reply(path: string, query: URLSearchParams, token: string | undefined): readonly [number, unknown] {
    const known = (id: string | undefined) => repositories.find((repository) => repository.id === id);
    if (path === '/api/models') {
      const search = query.get('search')?.toLowerCase() ?? '';
      const found = repositories.filter(({ id }) => id.toLowerCase().includes(search));
      return [200, found.slice(0, Number(query.get('limit'))).map(entryOf)];
    }
    const asked = /^\/api\/models\/(.+)\/revision\/HEAD$/.exec(path)?.[1];
    if (asked !== undefined) {
      const repository = known(asked);
      // The hub does not tell strangers what does not exist from what is private.
      return repository ? [200, entryOf(repository)] : [token ? 404 : 401, { error: 'Repository not found' }];
    }
    const repository = known(/^\/(.+)\/resolve\/main\/config\.json$/.exec(path)?.[1]);
    if (!repository) return [404, { error: 'Entry not found' }];
    if (!repository.gated || readers.includes(token ?? '')) return [200, repository.config];
    return [token ? 403 : 401, { error: `Access to model ${repository.id} is restricted.` }];
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const hub: ModelHub = {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    failure: undefined,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hub;
}

const entryOf = ({ id, gated = false, licence, tensors, config }: Repository) => ({
  _id: `internal-${id}`,
  id,
  private: false,
  gated,
  downloads: 1_000,
  likes: 1,
  lastModified: '2026-01-01T00:00:00.000Z',
  pipeline_tag: 'text-generation',
  cardData: { license: licence },
  config: { architectures: config.architectures, quantization_config: config.quantization_config },
  ...(tensors && {
    safetensors: { parameters: tensors, total: Object.values(tensors).reduce((sum, part) => sum + part, 0) },
  }),
});
