import { delimiter } from 'node:path';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import { FoundryError } from '../errors.ts';

const outputFormats = ['text', 'json', 'yaml'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** `table` is what others call the text. */
const writtenFormats = [...outputFormats, 'table'] as const;

/** What the sandbox can show; the default is both runtimes installed and nothing deployed. */
export const scenarios = ['empty', 'dynamo', 'kuberay', 'both', 'busy', 'legacy'] as const;

/** What the sandbox can let go wrong. */
export const failureKinds = [
  'unschedulable',
  'out-of-memory',
  'killed',
  'liveness-failed',
  'crash-loop',
  'not-ready',
  'deploy-failed',
  'failed-reconcile',
  'image-pull',
  'image-unauthorized',
  'image-rate-limited',
  'image-unreachable',
  'image-node-full',
  'image-wrong-platform',
  'policy-denied',
  'pod-security-denied',
  'webhook-down',
  'limit-range-exceeded',
  'model-gated',
  'model-not-found',
  'download-failed',
  'disk-full',
  'shared-memory-short',
  'nccl-failed',
  'driver-too-old',
  'gpu-not-visible',
  'gpu-unsupported',
  'kv-cache-too-small',
  'gpu-out-of-memory',
  'code-untrusted',
  'model-unsupported',
  'quantization-mismatch',
  'tokenizer-mismatch',
  'parallelism-invalid',
  'argument-unknown',
  'module-missing',
  'messaging-unreachable',
  'engine-error',
] as const;

const list = z.array(z.string());

const failure = z
  .string()
  .transform((text) => ({ match: text.slice(0, text.lastIndexOf('=')), kind: text.slice(text.lastIndexOf('=') + 1) }))
  .pipe(z.object({ match: z.string().min(1), kind: z.enum(failureKinds) }));

/** How a simulated cluster behaves, in this process or alone. */
const simulation = {
  speed: z.coerce.number().positive().max(1000).default(1),
  fail: z.array(failure).default([]),
};

const sandboxOptions = z.object({
  scenario: z.enum(scenarios).default('both'),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  ...simulation,
});
export type SandboxOptions = z.output<typeof sandboxOptions>;

/** The options that every command takes, before or after its name. */
const globalOptions = z.object({
  context: z.string().optional(),
  kubeconfig: list.optional(),
  namespaces: list.optional(),
  readOnly: z.boolean().default(false),
  protect: list.default([]),
  yes: z.boolean().default(false),
  sandbox: z.enum(scenarios).optional(),
  ...simulation,
  output: z
    .enum(writtenFormats)
    .default('text')
    .transform((format): OutputFormat => (format === 'table' ? 'text' : format)),
  debug: z.boolean().default(false),
});
export type GlobalOptions = z.output<typeof globalOptions>;

const split = (separator: string) => (text: string) => text.split(separator).filter((part) => part !== '');
const collect = (text: string, before: readonly string[] = []) => [...before, text];

/** Adds the global options. No defaults here: a value given before the command's name must not be hidden by one. */
export function addGlobalOptions(command: Command): Command {
  return command
    .optionsGroup('Options of every command:')
    .addOption(new Option('--context <name>', 'kubeconfig context; default: the current one'))
    .addOption(new Option('--kubeconfig <files>', 'default: $KUBECONFIG, ~/.kube/config').argParser(split(delimiter)))
    .addOption(new Option('--namespaces <a,b>', 'touch only these namespaces').argParser(split(',')))
    .addOption(new Option('--read-only', 'refuse everything that writes'))
    .addOption(new Option('--protect <glob>', 'contexts where every write asks; repeatable').argParser(collect))
    .addOption(new Option('--yes', 'approve what would be asked'))
    .addOption(new Option('--sandbox [scenario]', 'a simulated cluster of its own').preset('both').choices(scenarios))
    .addOption(speedOption())
    .addOption(failOption('see `kubefoundry sandbox --help`'))
    .addOption(new Option('-o, --output <format>', 'default: text').choices(writtenFormats))
    .addOption(new Option('--debug', 'stack traces on stderr'));
}

const speedOption = () => new Option('--speed <factor>', 'of the sandbox: how many times faster than life');
const failOption = (kinds: string) =>
  new Option('--fail <name=kind>', `in the sandbox: ${kinds}; repeatable`).argParser(collect);

/** Adds the options of the sandbox that runs alone. */
export const addSandboxOptions = (command: Command): Command =>
  command
    .addOption(new Option('--scenario <name>', 'what stands in it; default: both').choices(scenarios))
    .addOption(new Option('--port <n>', 'default: a free one'))
    .addOption(speedOption())
    .addOption(failOption(failureKinds.join(', ')));

/** @throws FoundryError INPUT_INVALID for a value that its option does not take */
export const globalOptionsOf = (command: Command): GlobalOptions => parsed(globalOptions, command);
export const sandboxOptionsOf = (command: Command): SandboxOptions => parsed(sandboxOptions, command);

function parsed<Schema extends z.ZodType>(schema: Schema, command: Command): z.output<Schema> {
  const result = schema.safeParse(command.optsWithGlobals());
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0] ?? { path: [], message: '' };
  throw new FoundryError(
    'INPUT_INVALID',
    `--${String(path[0])}: ${message}`,
    `See kubefoundry ${command.name()} --help.`,
  );
}

const isScenario = (word: string): boolean => scenarios.some((scenario) => scenario === word);

/** The word after `--sandbox` that names no scenario: a command, or a mistake. */
export const afterSandbox = (argv: readonly string[]): string | undefined =>
  argv.find((word, at) => argv[at - 1] === '--sandbox' && !word.startsWith('-') && !isScenario(word));

/** `--sandbox list` means the default scenario and the command `list`, not a scenario of that name. */
export const settleSandbox = (argv: readonly string[]): string[] =>
  argv.map((word, at) => (word === '--sandbox' && !isScenario(argv[at + 1] ?? '') ? '--sandbox=both' : word));
