import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { asCommands } from '../../src/cli/as-commands.ts';
import { addFlags, inputOf } from '../../src/cli/flags.ts';
import { addGlobalOptions } from '../../src/cli/options.ts';
import { tools } from '../../src/tools/registry.ts';
import type { Tool } from '../../src/tools/tool.ts';

const toolNamed = (name: string): Tool => {
  const found = tools.find((tool) => tool.name === name);
  if (found === undefined) throw new Error(`no tool ${name}`);
  return found;
};

const commandFor = (tool: Tool): Command => {
  const command = new Command(tool.command).exitOverride();
  addFlags(command, tool);
  return addGlobalOptions(command);
};

const inputFrom = (name: string, ...argv: readonly string[]): object => {
  const tool = toolNamed(name);
  const command = commandFor(tool).parse(argv, { from: 'user' });
  return inputOf(tool, command.args[0], command.opts());
};

describe('a command line becomes the raw input of a tool', () => {
  test('the deployment stands alone, everything else has a flag', () => {
    expect(inputFrom('deploy_model', 'qwen', '--model', 'Qwen/Qwen3-0.6B', '--runtime', 'dynamo')).toEqual({
      name: 'qwen',
      model: 'Qwen/Qwen3-0.6B',
      runtime: 'dynamo',
    });
    expect(inputFrom('install_runtime', 'kuberay', '--version', '1.6.0', '--plan-only')).toEqual({
      runtime: 'kuberay',
      version: '1.6.0',
      planOnly: true,
    });
  });

  test('numbers and switches have their types; what is no number stays for the tool to refuse', () => {
    expect(inputFrom('deploy_model', 'a', '--replicas', '0', '--gpus', 'two', '--trust-remote-code')).toEqual({
      name: 'a',
      replicas: 0,
      gpus: 'two',
      trustRemoteCode: true,
    });
  });

  test('engine arguments repeat and keep their types, labels stay text', () => {
    const flags = [
      '--engine-args',
      'max-num-seqs=64',
      '--engine-args',
      'enforce-eager',
      '--engine-args',
      'dtype=a=b',
      '--engine-args',
      'revision=007',
    ];
    expect(inputFrom('deploy_model', 'a', ...flags, '--node-selector', 'zone=1')).toEqual({
      name: 'a',
      engineArgs: { 'max-num-seqs': 64, 'enforce-eager': true, dtype: 'a=b', revision: '007' },
      nodeSelector: { zone: '1' },
    });
  });

  test('tolerations are JSON, one or a list; what is no JSON stays for the tool to refuse', () => {
    const flags = ['--tolerations', '{"key":"gpu"}', '--tolerations', '[{"key":"b"}]', '--tolerations', 'oops'];
    expect(inputFrom('deploy_model', 'a', ...flags)).toEqual({
      name: 'a',
      tolerations: [{ key: 'gpu' }, { key: 'b' }, 'oops'],
    });
  });
});

test('a call becomes a command line, and that the same call', () => {
  const input = {
    name: 'chat',
    namespace: 'team',
    runtime: 'dynamo',
    model: 'Qwen/Qwen3-8B',
    gpus: 2,
    engineArgs: { dtype: 'bfloat16', 'enforce-eager': true, 'limit-mm-per-prompt': '{"image":1}' },
    tolerations: [{ key: 'gpu', operator: 'Exists' }],
    replace: true,
  };
  const told = asCommands(
    `fix: deploy_model ${JSON.stringify(input)}. Then deploy_model {"name":"b"}, or not.`,
    toolNamed('diagnose_deployment'),
  );
  const [, line = ''] = /^fix: kubefoundry deploy (.*)\. Then kubefoundry deploy b, or not\.$/.exec(told) ?? [];
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  expect(inputFrom('deploy_model', ...words)).toEqual(input);
});

test('fields that a text suggests become flags', () => {
  const told = 'Say which: "namespace": "a" and "runtime": "dynamo". nodeSelector {"disk":"ssd"} keeps it off.';
  expect(asCommands(told, toolNamed('deploy_model'))).toBe(
    'Say which: --namespace a and --runtime dynamo. --node-selector disk=ssd keeps it off.',
  );
});

test.each([
  'fix: kubectl --context here edit rayservices.ray.io chat -n team # contextLength: 8192',
  'Ask `get_deployment {"name":"a"}` first',
  'get_deployment {"name":"a"}: what it is',
  'get_deployment {"name": "a", "runtime": "dynamo"}: what it is',
  'get_deployment {"name":"a"',
])('what kubectl is told, and a call whose input ends in no way that is known, stay whole: %s', (text) => {
  expect(asCommands(text, toolNamed('diagnose_deployment'))).toBe(text);
});

describe.each(tools)('$command', (tool) => {
  test('every input field of the tool can be given, and none hides an option of every command', () => {
    const fields = Object.keys(tool.input.shape);
    const command = commandFor(tool);
    const options = command.options.map((option) => option.attributeName());
    const given = [...command.registeredArguments.map((argument) => argument.name()), ...options];
    expect(given).toEqual(expect.arrayContaining(fields));
    expect(new Set(options).size).toBe(options.length);
  });
});
