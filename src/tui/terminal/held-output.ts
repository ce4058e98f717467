import { Console } from 'node:console';
import { Writable } from 'node:stream';

/** Pieces that are kept; the oldest go first. */
const kept = 500;

/**
 * Keeps off the screen what is not the dashboard's, as it would stand between the rows for good: what is logged, what
 * goes to stderr, and Node's warnings, which reach the terminal in a way of their own. Returns what puts everything
 * back and prints it.
 */
export function holdOutput(): () => void {
  const held: string[] = [];
  const hold = (text: string) => {
    held.push(text);
    if (held.length > kept) held.shift();
  };
  const sink = new Writable({
    write(chunk, _encoding, done) {
      hold(String(chunk));
      done();
    },
  });
  const ends = [holdWarnings(), holdConsole(sink)];
  // Where stderr is a file, what goes there disturbs nobody.
  if (process.stderr.isTTY) ends.push(holdErrors(sink));
  return () => {
    for (const end of ends) end();
    if (held.length > 0) process.stderr.write(held.join(''));
  };
}

function holdConsole(sink: Writable): () => void {
  // Only what prints: React's build for developers uses what a new console does not have.
  const own = { ...console };
  const { log, info, debug, warn, error, trace, table, dir } = new Console(sink);
  Object.assign(console, { log, info, debug, warn, error, trace, table, dir });
  return () => {
    Object.assign(console, own);
  };
}

function holdErrors(sink: Writable): () => void {
  const own = process.stderr.write;
  process.stderr.write = sink.write.bind(sink);
  return () => {
    process.stderr.write = own;
  };
}

function holdWarnings(): () => void {
  const printers = process.listeners('warning');
  const held: Error[] = [];
  const hold = (warning: Error) => {
    held.push(warning);
    if (held.length > kept) held.shift();
  };
  process.removeAllListeners('warning');
  process.on('warning', hold);
  return () => {
    process.removeListener('warning', hold);
    for (const printer of printers) process.on('warning', printer);
    for (const warning of held) process.emit('warning', warning);
  };
}
