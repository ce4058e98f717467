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

test('objects with the same fields share all but the values in which they differ', () => {
  const pack = createPacker();
  const objects = [
    { name: 'a', image: 'ray:2.58', replicas: 1 },
    { name: 'bb', image: 'ray:2.58', replicas: 12 },
    { name: 'c', image: 'ray:2.57' },
    { name: '', image: 'ray:2.58', replicas: 0 },
  ];
  const packed = objects.map(pack);
  const [a, b, c] = packed;
  expect(a?.form).toBe(b?.form);
  expect(a?.form).not.toBe(c?.form);
  expect(b?.values).toContain('bb');
  expect(b?.values).not.toMatch(/name|ray/);
  expect(packed.map(textOf)).toEqual(objects.map((object) => JSON.stringify(object)));
});
