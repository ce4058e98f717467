import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';

const timeout = 4_000;

/**
 * A connection to `target` through an HTTP(S) or SOCKS 5 proxy.
 *
 * @throws Error saying what the proxy answered
 */
export async function openTunnel(proxy: URL, target: URL): Promise<net.Socket> {
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  const secure = proxy.protocol === 'https:';
  const port = Number(proxy.port) || { 'http:': 80, 'https:': 443 }[proxy.protocol] || 1080;
  const socket = secure ? tls.connect({ host, port, servername: host }) : net.connect({ host, port });
  const timer = setTimeout(() => socket.destroy(new Error(`the proxy ${proxy.host} did not answer in time`)), timeout);
  try {
    await once(socket, secure ? 'secureConnect' : 'connect');
    if (proxy.protocol === 'socks5:') await greetSocks(socket, proxy, target);
    else await greetHttp(socket, proxy, target);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);

async function greetHttp(socket: net.Socket, proxy: URL, target: URL): Promise<void> {
  const authority = `${target.hostname}:${portOf(target)}`;
  const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const login = proxy.username ? `Proxy-Authorization: Basic ${Buffer.from(user).toString('base64')}\r\n` : '';
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${login}\r\n`);
  const answer = await readUntil(socket, (bytes) => {
    const end = bytes.indexOf('\r\n\r\n');
    return end < 0 ? undefined : end + 4;
  });
  const [line = ''] = answer.toString('latin1').split('\r\n', 1);
  if (!/^HTTP\/1\.[01] 2\d\d/.test(line)) throw new Error(`the proxy ${proxy.host} answered ${line.slice(0, 100)}`);
}

/** RFC 1928, and RFC 1929 for name and password. */
async function greetSocks(socket: net.Socket, proxy: URL, target: URL): Promise<void> {
  const refused = new Error(`the proxy ${proxy.host} refused the connection`);
  const user = Buffer.from(decodeURIComponent(proxy.username));
  const password = Buffer.from(decodeURIComponent(proxy.password));
  socket.write(Buffer.from([5, 1, user.length > 0 ? 2 : 0]));
  const method = await readUntil(socket, () => 2);
  if (method[1] === 2) {
    socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
    if ((await readUntil(socket, () => 2))[1] !== 0) throw refused;
  } else if (method[1] !== 0) throw refused;
  const host = Buffer.from(target.hostname.replace(/^\[|\]$/g, ''));
  const port = Buffer.alloc(2);
  port.writeUInt16BE(portOf(target));
  socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, host.length]), host, port]));
  const answer = await readUntil(socket, (bytes) => {
    const addressLength = { 1: 4, 3: 1 + (bytes[4] ?? 0), 4: 16 }[bytes[3] ?? 0];
    return bytes.length < 5 || addressLength === undefined ? (bytes[1] ? 2 : undefined) : 6 + addressLength;
  });
  if (answer[1] !== 0) throw refused;
}

/** Reads as many bytes as `lengthOf` finds the answer to have, once it knows; what follows stays in the socket. */
async function readUntil(socket: net.Socket, lengthOf: (bytes: Buffer) => number | undefined): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const length = lengthOf(bytes);
    if (length !== undefined && bytes.length >= length) {
      socket.unshift(bytes.subarray(length));
      return bytes.subarray(0, length);
    }
    if (bytes.length > 16_384) throw new Error('the proxy answered too much');
    const chunk: unknown = socket.read();
    if (Buffer.isBuffer(chunk)) bytes = Buffer.concat([bytes, chunk]);
    else if (socket.readableEnded) throw new Error('the proxy closed the connection');
    else await Promise.race([once(socket, 'readable'), once(socket, 'end')]);
  }
}
