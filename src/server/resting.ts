import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type Transport,
} from '@modelcontextprotocol/server';
import { valueAt } from '../kubernetes.ts';

/** Milliseconds without an open request after which a server is at rest. */
const restAfter = 1_000;

/**
 * Tells when no request has been open for a second, and when one is again. A server is at rest to begin with.
 *
 * @param wire - a transport that is in use already
 */
export function tellRest(wire: Transport, onRest: (isAtRest: boolean) => void): void {
  const open = new Set<unknown>();
  let timer: NodeJS.Timeout | undefined;
  let isAtRest = false;
  const rest = (now: boolean) => {
    if (isAtRest === now) return;
    isAtRest = now;
    onRest(now);
  };
  const close = (id: unknown) => {
    if (!open.delete(id) || open.size > 0) return;
    timer = setTimeout(() => rest(true), restAfter).unref();
  };

  const { send: sendOn, onmessage: received } = wire;
  const send = sendOn.bind(wire);
  wire.send = async (message, options) => {
    await send(message, options);
    if (isJSONRPCResponse(message)) close(message.id);
  };
  wire.onmessage = (message, extra) => {
    if (isJSONRPCRequest(message)) {
      clearTimeout(timer);
      rest(false);
      open.add(message.id);
      // Answered only when its subscriptions end: one who listens for hours asks for nothing meanwhile.
      if (message.method === 'subscriptions/listen') close(message.id);
    }
    // What was cancelled is not answered.
    if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      close(valueAt(message.params, 'requestId'));
    }
    received?.(message, extra);
  };
  rest(true);
}
