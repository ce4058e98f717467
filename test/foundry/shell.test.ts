import { expect, test } from 'vitest';
import { inContext, shellWord } from '../../src/foundry/shell.ts';

test('what a shell would take apart is quoted', () => {
  expect(shellWord('arn:aws:eks:eu-central-1:123:cluster/prod')).toBe('arn:aws:eks:eu-central-1:123:cluster/prod');
  expect(shellWord('my ctx; touch /tmp/x')).toBe("'my ctx; touch /tmp/x'");
  expect(shellWord("it's")).toBe("'it'\\''s'");
});

test('every kubectl and helm of a command is told the context, each in its own words', () => {
  expect(inContext('kubectl delete namespace x', 'prod')).toBe('kubectl --context prod delete namespace x');
  expect(inContext('helm show crds c | kubectl apply -f - && helm upgrade c', 'my ctx')).toBe(
    "helm --kube-context 'my ctx' show crds c | kubectl --context 'my ctx' apply -f - && helm --kube-context 'my ctx' upgrade c",
  );
  expect(inContext('kubectl get pod kubectl -n helm', 'prod')).toBe('kubectl --context prod get pod kubectl -n helm');
});

test('so is one that a sentence names, once, and a sentence without one stays as it is', () => {
  const told =
    'Bring it back, or by hand: kubectl --context prod patch x y. `helm --kube-context prod rollback a` undoes it.';
  expect(inContext('Bring it back, or by hand: kubectl patch x y. `helm rollback a` undoes it.', 'prod')).toBe(told);
  expect(inContext(told, 'prod')).toBe(told);
  for (const words of [
    'Its CRDs are old: helm leaves CRDs behind.',
    'helm upgrade failed: no chart',
    '/bin/kubectl get x',
  ])
    expect(inContext(words, 'prod')).toBe(words);
});
