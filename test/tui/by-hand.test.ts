import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from '../../src/foundry/shell.ts';
import { commandRows } from '../../src/tui/overlays/by-hand.ts';
import { commandChoices } from '../../src/tui/overlays/copy-choices.ts';

const textOf = (command: string, width: number): readonly string[] =>
  commandRows(command, width).map(({ spans }) => spans.map(({ text }) => text).join(''));

/** What a program gets of a command line, however many rows it has. */
const wordsOf = (command: string): string =>
  execFileSync('/bin/sh', ['-c', `printf '<%s>\\n' ${command}`], { encoding: 'utf8' });

const object = 'dynamocomponentdeployment.nvidia.com/a-name-that-is-as-long-as-names-can-be-with-its-role-frontend-x1';

test.each([
  `kubectl wait --for=delete ${object} --namespace dynamo-system --timeout 10m`,
  `kubefoundry deploy qwen --tolerations ${shellWord(JSON.stringify([{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }]))} --context prod`,
  `kubectl patch x y --patch '{"metadata":{"finalizers":null}}' --context ${shellWord("it's a ctx; \\ with a name that is longer than any row of a small terminal")}`,
  `kubectl get '' "a \\"b\\" c is a text in double quotes, such as nobody writes here" --flag=${'a\\ '.repeat(40)}`,
])('a shell takes the rows of a command as that command, at any width: %s', (command) => {
  for (const width of [20, 40, 79, 80, 81, 120]) {
    const rows = textOf(command, width);
    expect(wordsOf(rows.join('\n').trimStart())).toBe(wordsOf(command));
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(width);
  }
});

test('words stay whole where there is room', () => {
  expect(textOf('helm uninstall kuberay-operator --namespace kuberay-system', 40)).toEqual([
    '   helm uninstall kuberay-operator \\',
    '     --namespace kuberay-system',
  ]);
});

test.each([
  ['kubectl --context here edit rayservices.ray.io chat', 'kubectl edit'],
  ["helm --kube-context 'of a; name' upgrade kuberay-operator", 'helm upgrade'],
  ['kubefoundry scale chat --replicas 2 --context here', 'kubefoundry scale'],
])('the command %s is chosen by what it does: %s', (command, deed) => {
  expect(commandChoices([command])).toEqual([{ id: command, label: deed, detail: command }]);
});
