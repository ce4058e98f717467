/** Milliseconds, mebibytes, percent of a core, or a number of things. */
export type Unit = 'ms' | 'MB' | '%' | '';

/** Figures of repeated runs. Infinity = it did not happen within the time that was given; JSON says null. */
export interface Sample {
  readonly median: number;
  readonly least: number;
  readonly runs: number;
}

/** At most so much of a peer's median in the same run, or, without a peer, at most so much. */
export interface Target {
  readonly against?: string;
  readonly most: number;
}

interface Held {
  readonly target: Target;
  readonly reached: boolean;
}

/** One thing measured on us and on peers, in one run. */
export interface Measure {
  readonly what: string;
  readonly unit: Unit;
  readonly ours: Sample;
  readonly peers: Readonly<Record<string, Sample & { /** Ours by theirs. */ readonly ratio: number }>>;
  readonly targets: readonly Held[];
}

/** What a row hands in: every figure, and what to reach. */
export interface Figures {
  readonly what: string;
  readonly unit: Unit;
  readonly ours: readonly number[];
  readonly peers: Readonly<Record<string, readonly number[]>>;
  readonly targets: readonly Target[];
}

export function measureOf({ what, unit, ours, peers, targets }: Figures): Measure {
  const own = sampleOf(ours);
  const others = Object.fromEntries(
    Object.entries(peers).map(([name, figures]) => {
      const sample = sampleOf(figures);
      return [name, { ...sample, ratio: own.median / sample.median }];
    }),
  );
  const held = targets.map((target) => {
    const reference = target.against === undefined ? 1 : (others[target.against]?.median ?? 0);
    return { target, reached: own.median <= target.most * reference };
  });
  return { what, unit, ours: own, peers: others, targets: held };
}

function sampleOf(figures: readonly number[]): Sample {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
  return { median, least: sorted[0] ?? Number.NaN, runs: sorted.length };
}
