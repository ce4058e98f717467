import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '../objects/status.ts';
import type { FaultAction } from './faults.ts';
import { respond } from './respond.ts';

const reasons: { readonly [status: number]: string } = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** Carries out faults; true when the request is thereby answered. */
export async function strike(
  actions: readonly FaultAction[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  for (const action of actions) {
    switch (action.kind) {
      case 'delay':
        await delay(action.milliseconds);
        break;
      case 'reset':
        request.socket.destroy();
        return true;
      case 'truncate':
        truncate(response, action.bytes);
        break;
      case 'status': {
        const { status, retryAfter } = action;
        const body =
          action.body ?? new ApiError(status, reasons[status] ?? 'Unknown', `injected fault: ${status}`).status;
        respond(request, response, status, body, retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) });
        return true;
      }
    }
  }
  return false;
}

/** Lets only so many bytes of the body out, then cuts the connection. */
function truncate(response: ServerResponse, bytes: number): void {
  let left = bytes;
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  /** Writes what there is room for; true when nothing more may follow. */
  const isFull = (chunk: unknown): boolean => {
    const data = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    if (left > 0 && data.length < left) {
      left -= data.length;
      write(data);
      return false;
    }
    if (left > 0) write(data.subarray(0, left), () => response.socket?.destroySoon());
    left = 0;
    return true;
  };
  response.write = (chunk: unknown) => !isFull(chunk);
  response.end = (chunk?: unknown) => {
    const full = chunk === undefined ? left === 0 : isFull(chunk);
    return full ? response : end();
  };
}
