import { Command, CommanderError, Option } from 'commander';
import { FoundryError } from '../errors.ts';
import { tools } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import { runDoctor } from './doctor/doctor.ts';
import { exitCodes, printFailure } from './failure.ts';
import { addFlags, inputOf } from './flags.ts';
import { addFollow, asksToFollow, printFollowedLogs } from './follow-logs.ts';
import { addGlobalOptions, afterSandbox, globalOptionsOf, scenarios, settleSandbox } from './options.ts';
import type { Parts } from './parts.ts';
import { runTool } from './run-tool.ts';
import { addSandboxCommand } from './sandbox.ts';
import { addTuiCommand, hasTerminal } from './tui.ts';

/** Runs the program with these arguments. Returns the exit code: 0 done, 1 failed, 2 wrong input, 3 refused. */
export async function runProgram(argv: readonly string[], parts: Parts): Promise<number> {
  // Whoever reads us may have seen enough: `kubefoundry list | head`.
  process.stdout.on('error', () => process.exit(exitCodes.done));
  let exitCode: number = exitCodes.done;
  const program = createProgram(parts, (code) => {
    exitCode = code;
  });
  if (argv.length === 0 && !hasTerminal()) {
    program.outputHelp();
    return exitCode;
  }
  try {
    await program.parseAsync(withCommand(settleSandbox(argv)), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    const failure = error instanceof CommanderError ? misuse(error, argv) : error;
    return printFailure(failure, argv.includes('--debug'));
  }
}

function createProgram(parts: Parts, finish: (exitCode: number) => void): Command {
  const program = new Command('kubefoundry')
    .description('Takes a Kubernetes cluster from bare to a serving LLM and keeps it served.')
    .version(parts.version)
    // Options of the program only stand before the command, so that `install --version` is the tool's own.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  addGlobalOptions(program);

  // Flags follow from schemas, which take time: they are worked out for the command that runs, and for help.
  const bare = new Map<Command, Tool>();
  const complete = (command: Command) => {
    const tool = bare.get(command);
    if (!tool) return;
    bare.delete(command);
    addFlags(command, tool);
    addFollow(command, tool);
    addGlobalOptions(command);
  };
  program.hook('preSubcommand', (_, command) => complete(command));
  program.addHelpText('beforeAll', () => {
    for (const command of [...bare.keys()]) complete(command);
    return '';
  });

  program.commandsGroup('Tools:');
  for (const tool of tools) {
    const command = program.command(tool.command).summary(tool.title).description(tool.description);
    bare.set(command, tool);
    command.action(async () => {
      const input = inputOf(tool, command.args[0], command.opts());
      const options = globalOptionsOf(command);
      finish(
        asksToFollow(command)
          ? await printFollowedLogs(input, options, parts)
          : await runTool(tool, input, options, parts),
      );
    });
  }

  program.commandsGroup('Programs:');
  addTuiCommand(program, parts, finish);
  const mcp = addGlobalOptions(
    program
      .command('mcp')
      .summary('serve the tools to an AI assistant')
      .description('Serves the tools to an AI assistant: the Model Context Protocol over stdin and stdout.')
      .addOption(
        new Option(
          '--confirm <how>',
          'accept confirm: "<name>" from clients that cannot ask a human; by default they are refused',
        ).choices(['name']),
      ),
  );
  mcp.action(() => parts.serveMcp(globalOptionsOf(mcp), { confirmByName: mcp.opts().confirm === 'name' }));

  addSandboxCommand(program, parts);

  const doctor = addGlobalOptions(
    program.command('doctor').description('Checks kubeconfig, cluster, permissions, helm, Node and terminal.'),
  );
  doctor.action(async () => finish(await runDoctor(globalOptionsOf(doctor), parts)));
  return program;
}

/** Options alone are for the dashboard. */
function withCommand(words: readonly string[]): readonly string[] {
  const bare = addGlobalOptions(new Command().exitOverride().configureOutput({ outputError: () => {} }));
  const { operands, unknown } = bare.parseOptions([...words]);
  return operands.length + unknown.length === 0 ? [...words, 'tui'] : words;
}

/** Commander's refusals in our form: the first line says what is wrong, the nearest name is the hint. */
function misuse(error: CommanderError, argv: readonly string[]): FoundryError {
  if (error.code === 'commander.help') return new FoundryError('INPUT_INVALID', 'there is no command', help);
  const [first = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const word = afterSandbox(argv);
  // What stands for no scenario was taken for a command, or for an operand of one that has none.
  const isScenario =
    error.code === 'commander.unknownCommand'
      ? suggestion === undefined
      : error.code === 'commander.excessArguments' && !first.includes(`for '${word}'`);
  if (word !== undefined && isScenario) {
    return new FoundryError('INPUT_INVALID', `--sandbox has no scenario '${word}'`, `It has ${scenarios.join(', ')}.`);
  }
  return new FoundryError('INPUT_INVALID', first, suggestion?.replace(/^\((.*)\)$/, '$1') ?? help);
}

const help = 'See kubefoundry --help.';
