import { setFlagsFromString } from 'node:v8';

/** Milliseconds of work from which on compiled code pays for what it takes. */
const worthwhile = 1_000;
/** Milliseconds between two looks at how long the program has worked, at least. */
const look = 200;

let holders = 0;
let looking: NodeJS.Timeout | undefined;

/**
 * Leaves V8's compilers out until the program has worked for a second in all; until then it runs what V8 interprets.
 * With what they make they take 10 MB of a server that starts, lists its tools and answers a call now and then, which is
 * what most of them do in a day (docs/decisions/0010-small-heap.md).
 */
export function compileLater(): void {
  settle();
}

/** Leaves them out until it is released, once, whatever the program has worked. What they made stays. */
export function holdCompilers(): () => void {
  holders += 1;
  settle();
  return () => {
    holders -= 1;
    settle();
  };
}

function settle(): void {
  // Started with --jitless or --lite-mode, V8 has none of them, and crashes where they are asked for.
  if (!('WebAssembly' in globalThis)) return;
  clearTimeout(looking);
  const { user, system } = process.cpuUsage();
  const missing = worthwhile - (user + system) / 1_000;
  if (holders === 0 && missing > 0) looking = setTimeout(settle, Math.max(look, missing)).unref();
  const isWanted = holders === 0 && missing <= 0;
  for (const compiler of ['sparkplug', 'maglev', 'opt']) setFlagsFromString(`--${isWanted ? '' : 'no-'}${compiler}`);
}
