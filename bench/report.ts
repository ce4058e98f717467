import { arch, availableParallelism, platform, totalmem } from 'node:os';
import type { Measure, Sample, Target, Unit } from './measure.ts';

/** Everything that a run found out. */
export interface Report {
  readonly date: string;
  readonly machine: {
    readonly platform: string;
    readonly cores: number;
    /** GiB */
    readonly memory: number;
    readonly node: string;
  };
  readonly quick: boolean;
  /** By row, how it was measured. */
  readonly how: Readonly<Record<string, string>>;
  readonly measures: readonly (Measure & { readonly row: string })[];
}

export const reportOf = ({ quick, how, measures }: Pick<Report, 'quick' | 'how' | 'measures'>): Report => ({
  date: new Date().toISOString().slice(0, 10),
  machine: {
    platform: `${platform()} ${arch()}`,
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
  },
  quick,
  how,
  measures,
});

/** The report as a page in Markdown, which is a table to people too. */
export function pageOf({ date, machine, quick, how, measures }: Report): string {
  const { platform: system, cores, memory, node } = machine;
  const rows = measures.flatMap((measure) => rowsOf(measure));
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [
    `# Benchmarks${quick ? ' (quick: to see that it works)' : ''}`,
    '',
    `Printed by \`npm run -s bench -- -o table\` on ${date}: ${system}, ${cores} cores, ${memory} GiB, Node ${node}.`,
    'Figures are medians (the least of all runs behind them). Ours and peers ran in turn: trust the ratios, not the times.',
    '',
    line(head),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
    '',
    ...Object.entries(how).map(([row, words]) => `- \`${row}\`: ${words}`),
    '',
  ].join('\n');
}

const head = ['what', 'ours', 'peer', '', 'ratio', 'target', 'reached'];

/** One line per peer; the targets stand beside the peer that they speak of. */
function rowsOf({ what, unit, ours, peers, targets }: Measure): readonly string[][] {
  const own = shown(ours, unit);
  const alone = targets.filter(({ target }) => target.against === undefined);
  const lines = Object.entries(peers).map(([name, sample], at) => {
    const held = [...(at === 0 ? alone : []), ...targets.filter(({ target }) => target.against === name)];
    return [name, shown(sample, unit), ratioOf(sample.ratio), ...verdict(held, unit)];
  });
  if (lines.length === 0) lines.push(['', '', '', ...verdict(alone, unit)]);
  return lines.map((line, at) => [at === 0 ? what : '', at === 0 ? own : '', ...line]);
}

const verdict = (held: Measure['targets'], unit: Unit): string[] => [
  held.map(({ target }) => wanted(target, unit)).join(', '),
  held.map(({ reached }) => (reached ? 'yes' : 'no')).join(', '),
];

const wanted = ({ against, most }: Target, unit: Unit): string =>
  against === undefined ? `≤ ${quantity(most, unit)}` : `≤ ${most}×`;

const ratioOf = (ratio: number): string => (Number.isFinite(ratio) ? `${Number(ratio.toPrecision(2))}×` : '');

const shown = ({ median, least, runs }: Sample, unit: Unit): string =>
  runs > 1 && Number.isFinite(median) ? `${quantity(median, unit)} (${quantity(least, unit)})` : quantity(median, unit);

function quantity(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return 'never';
  const digits = value < 10 && (unit === 'ms' || unit === '%') ? 1 : 0;
  return `${value.toLocaleString('en-US', { maximumFractionDigits: digits })} ${unit}`.trim();
}
