import { expect, test } from 'vitest';
import { adviceAsCommands, asCommands, commandsIn } from '../../src/cli/as-commands.ts';
import { exitCodeOf } from '../../src/cli/failure.ts';
import { withFlag } from '../../src/cli/field-names.ts';
import { failureKinds, scenarios, settleSandbox } from '../../src/cli/options.ts';
import { type ErrorCode, errorStatus } from '../../src/errors.ts';
import { failureKinds as simulated } from '../../src/sandbox/failures.ts';
import { scenarios as played } from '../../src/sandbox/scenarios/scenarios.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { installRuntime } from '../../src/tools/install-runtime.ts';
import { listDeployments } from '../../src/tools/list-deployments.ts';

test('the command line offers what the sandbox can do', () => {
  expect([...scenarios].sort()).toEqual(Object.keys(played).sort());
  expect(failureKinds).toEqual(simulated);
});

test('--sandbox takes the next word only when it is a scenario', () => {
  expect(settleSandbox(['--sandbox', 'list'])).toEqual(['--sandbox=both', 'list']);
  expect(settleSandbox(['list', '--sandbox'])).toEqual(['list', '--sandbox=both']);
  expect(settleSandbox(['--sandbox', 'busy', 'list'])).toEqual(['--sandbox', 'busy', 'list']);
});

test('every error code has an exit code', () => {
  const codes = Object.keys(errorStatus) as ErrorCode[];
  const byExit = Map.groupBy(codes, exitCodeOf);
  expect(byExit.get(2)).toEqual(['INPUT_INVALID', 'RUNTIME_REQUIRED', 'RUNTIME_UNKNOWN', 'INVALID_FOR_RUNTIME']);
  expect(byExit.get(3)).toEqual([
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'QUOTA',
    'READ_ONLY',
    'DECLINED',
    'CONFIRMATION_REQUIRED',
  ]);
});

test('suggested calls read as commands; what the cluster says stays as it is', () => {
  expect(asCommands('Install it: install_runtime {"runtime":"dynamo"}', deployModel)).toBe(
    'Install it: kubefoundry install dynamo',
  );
  expect(asCommands('get_deployment {"name":"a","namespace":"b c"} tells more', deployModel)).toBe(
    "kubefoundry get a --namespace 'b c' tells more",
  );
  expect(asCommands('get_runtimes_status tells which', deployModel)).toBe('kubefoundry runtimes tells which');
  expect(asCommands('install_runtime {"runtime":"dynamo"}', deployModel, { context: 'x; y' })).toBe(
    "kubefoundry install dynamo --context 'x; y'",
  );
  expect(asCommands('| delete_deployment {"name":"a"}', deployModel)).toBe('| delete_deployment {"name":"a"}');
  expect(asCommands('delete_deployment {"name":oops}', deployModel)).toBe('delete_deployment {"name":oops}');
  expect(asCommands('Add "runtime": "dynamo", or another.', deployModel)).toBe('Add --runtime dynamo, or another.');
  expect(asCommands('Add "runtime": "dynamo", or another.', installRuntime)).toBe('Add dynamo, or another.');
  expect(asCommands('Pass replace: true to change it.', deployModel)).toBe('Pass --replace to change it.');
  expect(asCommands('showing 20 of 40; pass limit=40, or cursor=abc_1 for the next', listDeployments)).toBe(
    'showing 20 of 40; pass --limit 40, or --cursor abc_1 for the next',
  );
});

test('what advises in data reads as commands, whatever holds it; all else is data', () => {
  const call = 'install_runtime {"runtime":"dynamo"}';
  const command = 'kubefoundry install dynamo';
  const row = { name: 'a', message: call, problems: [{ runtime: 'dynamo', message: call, hint: call }] };
  expect(
    adviceAsCommands(
      { total: 1, deployments: [row], nextSteps: [call], findings: [{ fix: call, line: call }] },
      deployModel,
    ),
  ).toEqual({
    total: 1,
    deployments: [{ ...row, problems: [{ runtime: 'dynamo', message: call, hint: command }] }],
    nextSteps: [command],
    findings: [{ fix: command, line: call }],
  });
});

test.each([
  ['use hfTokenSecret, the name of a Secret', 'use --hf-token-secret, the name of a Secret'],
  ['Ask for fewer tokens with maxTokens; it is slow.', 'Ask for fewer tokens with --max-tokens; it is slow.'],
  ['- contextLength: 8192 instead of 131072', '- --context-length 8192 instead of 131072'],
  ['engineArgs.max-model-len: use contextLength.', '--engine-args max-model-len: use --context-length.'],
  ['Leave out `role` or `planOnly`.', 'Leave out --role or --plan-only.'],
])('a field that a sentence names reads as its flag: %s', (text, told) => {
  expect(asCommands(text, listDeployments)).toBe(told);
});

test.each([
  '          nodeSelector:',
  'spec.template.spec.nodeSelector.disk: null → ssd',
  'engine: "hfTokenSecret" is not one of vllm',
  'name: "my hfTokenSecret x" is wrong',
  '          nodeSelector: {}',
  '--set limits.memory=64Gi -l app.kubernetes.io/name=x',
  'the model and its replicas',
])('what is a path, a key, given by somebody or a word of the language stays: %s', (text) => {
  expect(asCommands(text, listDeployments)).toBe(text);
});

test.each([
  ['contextLength is required.', '--context-length is required.'],
  ['engineArgs.hf-token: hf-token is set by KubeFoundry.', '--engine-args hf-token: hf-token is set by KubeFoundry.'],
  ['vLLM has no engine argument contextLength.', 'vLLM has no engine argument contextLength.'],
])('a refusal of input begins with the flag, and keeps what was given: %s', (message, told) => {
  expect(withFlag(message)).toBe(told);
});

test('the commands that a text suggests are found whole, but none that the cluster wrote', () => {
  const text = [
    '1. OOM: fix: deploy_model {"name":"a","memory":"8Gi","replace":true}',
    'Why it is Failed: diagnose_deployment {"name":"b c"} says more, get_runtimes_status too',
    '   fix: kubectl --context prod edit x y -n z # gpus: 4',
    '| fix: kubectl delete namespace prod; delete_deployment {"name":"prod"}',
    'kubectl owns .spec, and helm leaves CRDs behind.',
  ].join('\n');
  expect(commandsIn(text, { context: 'prod' })).toEqual([
    'kubefoundry deploy a --memory 8Gi --replace --context prod',
    "kubefoundry diagnose 'b c' --context prod",
    'kubectl --context prod edit x y -n z # gpus: 4',
  ]);
});
