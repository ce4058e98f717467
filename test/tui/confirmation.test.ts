import { expect, test } from 'vitest';
import type { Plan } from '../../src/foundry/plan.ts';
import { deleteDeployment } from '../../src/tools/delete-deployment.ts';
import { installRuntime } from '../../src/tools/install-runtime.ts';
import { confirmationQuestion } from '../../src/tui/state/confirmation.ts';
import { sharedQuestion } from '../../src/tui/state/shared-question.ts';

const plan = (summary: string): Plan => ({ summary, steps: [], blockers: [], warnings: [] });
const about = (subject: string, input = {}) => ({ plan: plan(subject), context: 'prod', subject, input });

test('in a protected context the name is typed, of several the context; elsewhere and for what destroys nothing nothing is', () => {
  const both = [about('chat'), about('code', { unmanaged: true })];
  const protecting = () => true;
  expect(confirmationQuestion(deleteDeployment, [about('chat')], protecting).typed).toBe('chat');
  expect(confirmationQuestion(deleteDeployment, both, protecting, '1 of them is not shown.')).toMatchObject({
    typed: 'prod',
    plans: [{ summary: 'chat' }, { summary: 'code' }],
    lines: [
      'Delete a deployment in context prod? 2 at once:',
      '1 of them is not shown.',
      'Made by others, not by KubeFoundry: 1 of them.',
    ],
  });
  expect(confirmationQuestion(deleteDeployment, both, () => false)).not.toHaveProperty('typed');
  expect(confirmationQuestion(installRuntime, [about('kuberay')], protecting)).not.toHaveProperty('typed');
});

test('a question that calls share is asked once, in their order, without those that ended before it', async () => {
  const asked: (readonly string[])[] = [];
  const [first, second, third] = sharedQuestion<string>(3, async (requests) => {
    asked.push(requests);
    return true;
  });
  const answers = [third?.ask('third'), first?.ask('first')];
  expect(asked).toEqual([]);
  second?.end();
  expect(await Promise.all(answers)).toEqual([true, true]);
  first?.end();
  expect(asked).toEqual([['first', 'third']]);
});

test('where no call has anything to ask, nothing is asked', () => {
  const shares = sharedQuestion<string>(2, async () => {
    throw new Error('asked');
  });
  for (const { end } of shares) end();
});
