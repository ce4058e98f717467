type Parameters = Readonly<Record<string, readonly unknown[]>>;
export type Case<P extends Parameters> = { readonly [Name in keyof P]: P[Name][number] };

interface Pair {
  readonly parameters: readonly [number, number];
  readonly values: readonly [number, number];
}

const key = ({ parameters, values }: Pair): string => `${parameters.join()}:${values.join()}`;

function pairsOf(row: readonly number[]): readonly Pair[] {
  return row.flatMap((value, index) =>
    row.slice(index + 1).map(
      (other, offset): Pair => ({
        parameters: [index, index + 1 + offset],
        values: [value, other],
      }),
    ),
  );
}

/**
 * Cases in which every value of every parameter meets every value of every other one at least once.
 * Greedy: each next case takes, parameter by parameter, the value that meets the most pairs not yet met.
 */
export function pairwise<const P extends Parameters>(parameters: P): readonly Case<P>[] {
  const names = Object.keys(parameters);
  const values = Object.values(parameters);
  const missing = new Map<string, Pair>();
  for (const [index, own] of values.entries()) {
    for (const [offset, others] of values.slice(index + 1).entries()) {
      for (const value of own.keys()) {
        for (const other of others.keys()) {
          const pair: Pair = { parameters: [index, index + 1 + offset], values: [value, other] };
          missing.set(key(pair), pair);
        }
      }
    }
  }
  const cases: Case<P>[] = [];
  for (;;) {
    const [first] = missing.values();
    if (!first) return cases;
    const row = fill(values, first, missing);
    for (const pair of pairsOf(row)) missing.delete(key(pair));
    const chosen = names.map((name, index) => [name, values[index]?.[row[index] ?? 0]]);
    cases.push(Object.fromEntries(chosen));
  }
}

/** The row that holds one wanted pair and, one parameter after the other, the values that meet the most missing pairs. */
function fill(
  values: readonly (readonly unknown[])[],
  wanted: Pair,
  missing: ReadonlyMap<string, Pair>,
): readonly number[] {
  const fixed = new Map([
    [wanted.parameters[0], wanted.values[0]],
    [wanted.parameters[1], wanted.values[1]],
  ]);
  for (const [parameter, choices] of values.entries()) {
    if (fixed.has(parameter)) continue;
    let best = { value: 0, met: -1 };
    for (const value of choices.keys()) {
      const met = [...fixed].filter(([other, otherValue]) => {
        const pair: Pair =
          other < parameter
            ? { parameters: [other, parameter], values: [otherValue, value] }
            : { parameters: [parameter, other], values: [value, otherValue] };
        return missing.has(key(pair));
      }).length;
      if (met > best.met) best = { value, met };
    }
    fixed.set(parameter, best.value);
  }
  return values.map((_, parameter) => fixed.get(parameter) ?? 0);
}
