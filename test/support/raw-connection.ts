import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Foundry } from '../../src/foundry/foundry.ts';
import { valueAt } from '../../src/kubernetes.ts';
import { serverFactory } from '../../src/server/server.ts';

/** A connection of the 2026-07-28 revision as it goes over the wire, for what clients of an SDK do not let one say. */
export interface RawConnection {
  request(method: string, params: object): Promise<unknown>;
  close(): Promise<void>;
}

/** Connections to one server in this process. `asks`: the client can show a question to a human. */
export function rawServer(foundry: Foundry, { confirmByName = false, protects = false } = {}) {
  const factory = serverFactory({ version: '1', foundry, readOnly: false, confirmByName, protects });
  return async ({ asks }: { readonly asks: boolean }): Promise<RawConnection> => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const handle = serveStdio(factory, { transport: far });
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': asks ? { elicitation: {} } : {},
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
    };
    const waiting = new Map<unknown, (answer: unknown) => void>();
    near.onmessage = (message) => waiting.get(valueAt(message, 'id'))?.(message);
    await near.start();
    let id = 0;
    return {
      request(method, params) {
        id += 1;
        const answered = new Promise((resolve) => waiting.set(id, resolve));
        const sent = near.send({ jsonrpc: '2.0', id, method, params: { ...params, _meta } });
        return sent.then(() => answered);
      },
      async close() {
        await near.close();
        await handle.close();
      },
    };
  };
}
