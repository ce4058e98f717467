import { expect, it, vi } from 'vitest';
import type { Known } from './known.ts';
import { type Outcome, run } from './outcome.ts';
import type { Worlds } from './worlds.ts';

/** A command line that is given to one program on both clusters, which have to answer alike. */
export interface Command {
  /** What follows the program's name; single spaces part it. */
  readonly line: string;
  /** It has to end with another exit code than 0. */
  readonly fails?: true;
  /** The order of its lines follows from generated names or from moments. */
  readonly unordered?: true;
  /** It only reads what a server publishes some moments after a change: it is asked again until both agree. */
  readonly settles?: true;
  /** Lines that are known to differ, and have to. */
  readonly known?: Known;
}

/** One test for each of the commands, in this order: later ones find what earlier ones have made, so that none is retried. */
export function describeCommands(name: string, commands: readonly Command[], given: () => CommandsGiven): void {
  it.each(commands)(`${name} $line`, { retry: 0 }, async (command) => {
    const { worlds, program } = given();
    const argv = command.line.split(' ');
    const judge = async () => {
      const [sandbox, real] = await Promise.all([
        run(worlds, 'sandbox', program, argv),
        run(worlds, 'real', program, argv),
      ]);
      const ends = command.fails ? 'fails' : 'succeeds';
      expect({ ...comparable(command, sandbox), ends: endOf(sandbox) }).toEqual({ ...comparable(command, real), ends });
      if (command.known)
        expect(aside(command, sandbox), `no longer so: ${command.known.reason}`).not.toEqual(aside(command, real));
    };
    await (command.settles ? vi.waitFor(judge, { timeout: 20_000, interval: 500 }) : judge());
  });
}

/** What commands are run with. */
export interface CommandsGiven {
  readonly worlds: Worlds;
  /** Path of the program. */
  readonly program: string;
}

const endOf = ({ exitCode }: Outcome): string => (exitCode === 0 ? 'succeeds' : 'fails');

function comparable({ unordered, known }: Command, { exitCode, lines }: Outcome): Outcome {
  const kept = lines.filter((line) => !known?.lines.test(line));
  return { exitCode, lines: unordered ? kept.toSorted() : kept };
}

const aside = ({ known }: Command, { lines }: Outcome): readonly string[] =>
  lines.filter((line) => known?.lines.test(line));
