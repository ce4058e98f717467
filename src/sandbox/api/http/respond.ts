import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Json } from '../objects/json.ts';
import { ApiError } from '../objects/status.ts';

/** Answers longer than this are compressed for clients that take it, as the real server does. */
const gzipFrom = 128 * 1024;

export function respond(
  request: IncomingMessage,
  response: ServerResponse,
  code: number,
  body: Json,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = Buffer.from(`${JSON.stringify(body)}\n`);
  const zips = text.length > gzipFrom && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const payload = zips ? gzipSync(text, { level: 1 }) : text;
  response.writeHead(code, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-cache, private',
    ...(zips ? { 'Content-Encoding': 'gzip' } : {}),
    'Content-Length': String(payload.length),
    ...headers,
  });
  response.end(payload);
}

export function respondText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

/** A refusal as a Status; anything else that was thrown is the server's own fault. */
export function respondError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const refusal =
    error instanceof ApiError
      ? error
      : new ApiError(
          500,
          'InternalError',
          `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
        );
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status } = refusal;
  const retryAfter = status.details?.retryAfterSeconds;
  respond(
    request,
    response,
    refusal.code,
    status,
    retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) },
  );
}
