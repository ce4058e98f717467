import { expect, test } from 'vitest';
import { pairwise } from './pairwise.ts';

test('every two values meet in some case, in far fewer cases than there are combinations', () => {
  const parameters = { size: [1, 2, 3], colour: ['red', 'blue'], lid: [true, false], mark: ['a', 'b', 'c', 'd'] };
  const cases = pairwise(parameters);
  for (const size of parameters.size)
    for (const mark of parameters.mark) expect(cases).toContainEqual(expect.objectContaining({ size, mark }));
  for (const colour of parameters.colour)
    for (const lid of parameters.lid) expect(cases).toContainEqual(expect.objectContaining({ colour, lid }));
  expect(cases.length).toBeLessThan(20);
});
