import { Console } from 'node:console';
import { inspect } from 'node:util';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { redactText } from '../foundry/redaction.ts';
import { type ServerSetup, serverFactory } from './server.ts';

/**
 * Serves MCP over stdin and stdout until the client closes stdin or a signal asks to end.
 * Nothing but the protocol reaches stdout: whatever is logged goes to stderr.
 */
export async function serveOverStdio(setup: ServerSetup, options: { readonly debug: boolean }): Promise<void> {
  globalThis.console = new Console(process.stderr, process.stderr);

  const wire = new StdioServerTransport();
  const handle = serveStdio(serverFactory(setup), {
    transport: wire,
    onerror: (error) => console.error(redactText(options.debug ? inspect(error) : error.message)),
  });
  const ended = new Promise<void>((resolve) => {
    const closed = wire.onclose;
    wire.onclose = () => {
      closed?.();
      resolve();
    };
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void handle.close());
  await ended;
}
