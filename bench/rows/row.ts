import type { Figures } from '../measure.ts';
import type { Command } from '../peers.ts';

/** Programs of `bench/probes`. */
export const probeNames = ['live-list', 'watching-server', 'sdk-server'] as const;
type ProbeName = (typeof probeNames)[number];

/** What rows measure with. */
export interface Bench {
  /** Few repetitions and small clusters: to see whether it works, not how fast it is. */
  readonly quick: boolean;
  /** `kubefoundry mcp`, as users install it. */
  server(kubeconfig: string): Command;
  /** The dashboard, likewise. */
  dashboard(kubeconfig: string): Command;
  /** A program of `bench/probes`, bundled as the product is. */
  probe(name: ProbeName, ...args: readonly string[]): Command;
}

/** One row of the design's table of numbers; some measure several things. */
export interface Row {
  /** `npm run bench -- <name>` */
  readonly name: string;
  /** One sentence for readers of the report: what was done. */
  readonly how: string;
  /** There is nobody to compare with. */
  readonly alone?: true;
  run(bench: Bench): Promise<readonly Figures[]>;
}

/** Runs contenders in turn, so that a noisy moment hits all of them; gives the figures of each in the same order. */
export async function inTurn(
  times: number,
  ...contenders: readonly (() => Promise<number>)[]
): Promise<readonly (readonly number[])[]> {
  const figures: number[][] = contenders.map(() => []);
  for (let run = 0; run < times; run += 1) {
    for (const [index, contender] of contenders.entries()) figures[index]?.push(await contender());
  }
  return figures;
}

/** Milliseconds that something takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
