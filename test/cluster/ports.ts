import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range from which Linux and macOS number outgoing connections. A port from that range could be taken by
// any client while the API server restarts, even by one that reconnects to that very port and so reaches itself.
const lowest = 20_000;
const highest = 32_000;
const attempts = 100;

/**
 * A loopback TCP port that was free a moment ago.
 *
 * @throws Error when none of a hundred tried ports is free
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port on 127.0.0.1 among ${attempts} tried between ${lowest} and ${highest}.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
