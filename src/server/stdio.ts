import { Console } from 'node:console';
import { inspect } from 'node:util';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { redactText } from '../foundry/redaction.ts';
import { createFollower } from './resources/following.ts';
import { followListeners } from './resources/listening.ts';
import { tellRest } from './resting.ts';
import { type ServerSetup, serverFactory } from './server.ts';
import { watchUnreadable } from './unreadable-lines.ts';

interface StdioOptions {
  readonly debug: boolean;
  /** Told when no request has been open for a while, and when one is again. */
  readonly onRest?: (isAtRest: boolean) => void;
}

/**
 * Serves MCP over stdin and stdout until the client closes stdin or a signal asks to end.
 * Nothing but the protocol reaches stdout: whatever is logged goes to stderr.
 */
export async function serveOverStdio(setup: ServerSetup, options: StdioOptions): Promise<void> {
  globalThis.console = new Console(process.stderr, process.stderr);

  const wire = new StdioServerTransport();
  const follower = createFollower(setup.foundry);
  const handle = serveStdio(serverFactory(setup, follower), {
    transport: wire,
    onerror: (error) => console.error(redactText(options.debug ? inspect(error) : error.message)),
  });
  followListeners(wire, follower);
  if (options.onRest) tellRest(wire, options.onRest);
  const unwatch = watchUnreadable(process.stdin, ({ answer, message }) => {
    process.stdout.write(`${JSON.stringify(answer)}\n`);
    console.error(redactText(message));
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
  unwatch();
}
