import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPacker, textOf } from '../../src/foundry/packing.ts';

test('what is packed comes back as it was, whatever it is', () => {
  const pack = createPacker();
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(textOf(pack(value))).toBe(JSON.stringify(value));
    }),
  );
  const hostile = { 'a":': '":"\u0000\\', '\\"': ['1', 1, -1.5e-7, 1e21], '{"x":1}': '{"x":1}', '': null };
  expect(JSON.parse(textOf(pack(hostile)))).toEqual(hostile);
});

test('objects with the same fields share all but their values', () => {
  const pack = createPacker();
  const [a, b, c] = [{ name: 'a', replicas: 1 }, { name: 'bb', replicas: 12 }, { name: 'c' }].map(pack);
  expect(a?.form).toBe(b?.form);
  expect(a?.form).not.toBe(c?.form);
  expect(`${a?.values}${b?.values}`).not.toContain('name');
});
