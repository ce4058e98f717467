import { describe, expect, test } from 'vitest';
import { parseSchedulerMessage, preemptionHelpsNowhere } from '../../../src/foundry/diagnosis/scheduler-message.ts';

const parsed = (message: string) => {
  const found = parseSchedulerMessage(message);
  return found && { nodes: found.nodes, clauses: found.clauses.map(({ nodes, reason }) => `${nodes} ${reason}`) };
};

describe('a message of the scheduler', () => {
  test('falls into clauses with the number of nodes each', () => {
    const message =
      '0/6 nodes are available: 2 Insufficient nvidia.com/gpu, 4 node(s) had untolerated taint {nvidia.com/gpu: present}. preemption: 0/6 nodes are available: 2 No preemption victims found for incoming pod, 4 Preemption is not helpful for scheduling.';
    expect(parsed(message)).toEqual({
      nodes: 6,
      clauses: ['2 Insufficient nvidia.com/gpu', '4 node(s) had untolerated taint {nvidia.com/gpu: present}'],
    });
    expect(parseSchedulerMessage(message)?.preemption).toEqual([
      { nodes: 2, reason: 'No preemption victims found for incoming pod' },
      { nodes: 4, reason: 'Preemption is not helpful for scheduling' },
    ]);
  });

  test.each([
    [
      '1.35',
      "0/9 nodes are available: 3 Insufficient memory, 6 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/9 nodes are available: 9 Preemption is not helpful for scheduling.",
      ['3 Insufficient memory', "6 node(s) didn't match Pod's node affinity/selector"],
    ],
    ['1.20', '0/3 nodes are available: 3 Insufficient cpu.', ['3 Insufficient cpu']],
    [
      'a claim',
      '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
      ['null pod has unbound immediate PersistentVolumeClaims'],
    ],
    [
      'one node for two reasons',
      '0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.',
      ['1 Insufficient cpu', '1 Insufficient memory'],
    ],
  ])('of %s too', (_, message, clauses) => {
    expect(parsed(message)?.clauses).toEqual(clauses);
  });

  test('of another scheduler is not taken apart', () => {
    expect(parsed('no nodes available to schedule pods')).toBeUndefined();
    expect(parsed('Scheduling is blocked due to non-empty scheduling gates')).toBeUndefined();
  });

  test('tells whether there could ever be room', () => {
    const tail = (words: string) =>
      parseSchedulerMessage(
        `0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: ${words}.`,
      );
    const helpsNowhere = (words: string) => {
      const found = tail(words);
      return found && preemptionHelpsNowhere(found);
    };
    expect(helpsNowhere('2 Preemption is not helpful for scheduling')).toBe(true);
    expect(
      helpsNowhere('1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling'),
    ).toBe(false);
  });
});
