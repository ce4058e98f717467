import { isJSONRPCNotification, SUBSCRIPTION_ID_META_KEY, type Transport } from '@modelcontextprotocol/server';
import { listAt, valueAt } from '../../kubernetes.ts';
import { addressOf } from './address.ts';
import type { Follower } from './following.ts';

/**
 * Feeds the subscriptions of clients of 2026-07-28. The SDK answers `subscriptions/listen` itself and tells no server
 * which resources were asked for, so that they are taken from the acknowledgement that goes out on the wire; what
 * comes in as cancelled, or the end of the wire, ends the watch.
 *
 * @param wire - a transport that is in use already
 */
export function followListeners(wire: Transport, follower: Follower): void {
  const stops = new Map<unknown, () => void>();
  const end = (id: unknown) => {
    stops.get(id)?.();
    stops.delete(id);
  };

  function begin(id: unknown, uris: readonly unknown[]): void {
    end(id);
    const follows = uris.flatMap((uri) => {
      const address = typeof uri === 'string' ? addressOf(uri) : undefined;
      const params = { uri, _meta: { [SUBSCRIPTION_ID_META_KEY]: id } };
      const tell = () => {
        // A client that has gone needs no notification; its going ends the watch.
        send({ jsonrpc: '2.0', method: 'notifications/resources/updated', params }).catch(() => {});
      };
      return address ? [follower.follow(address, tell)] : [];
    });
    stops.set(id, () => {
      for (const stop of follows) stop();
    });
  }

  const { send: sendOn, onmessage: received, onclose: closed } = wire;
  const send = sendOn.bind(wire);
  wire.send = (message, options) => {
    if (isJSONRPCNotification(message) && message.method === 'notifications/subscriptions/acknowledged') {
      const id = valueAt(message.params, '_meta', SUBSCRIPTION_ID_META_KEY);
      begin(id, listAt(message.params, 'notifications', 'resourceSubscriptions'));
    }
    return send(message, options);
  };
  wire.onmessage = (message, extra) => {
    if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      end(valueAt(message.params, 'requestId'));
    }
    received?.(message, extra);
  };
  wire.onclose = () => {
    for (const id of [...stops.keys()]) end(id);
    closed?.();
  };
}
