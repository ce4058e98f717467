import { setFlagsFromString } from 'node:v8';

/** Milliseconds of work from which on compiled code pays for what it takes. */
const worthwhile = 1_000;
/** Milliseconds between two looks at how long the program has worked, at least. */
const look = 200;

let holders = 0;
let looking: NodeJS.Timeout | undefined;

/**
 * Leaves V8's compilers out until the program has worked for a second in all; until then it runs what V8 interprets.
 * With what they make they take 10 MB. A command is done by then, and so is most of what a server does in a day: it
 * starts, lists its tools and answers a call now and then (docs/decisions/0010-small-heap.md).
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
  clearTimeout(looking);
  const { user, system } = process.cpuUsage();
  const missing = worthwhile - (user + system) / 1_000;
  if (holders === 0 && missing > 0) looking = setTimeout(settle, Math.max(look, missing)).unref();
  const isWanted = holders === 0 && missing <= 0;
  for (const compiler of ['sparkplug', 'maglev', 'opt']) setFlagsFromString(`--${isWanted ? '' : 'no-'}${compiler}`);
}
