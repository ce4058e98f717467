import type { DeploymentLogs } from '../../foundry/logs.ts';
import { quoted } from '../../foundry/untrusted-text.ts';

interface Said {
  readonly text: string;
  readonly time: number;
  readonly sources: string[];
}

/** Milliseconds within which replicas that write the same do the same. */
const together = 5 * 60_000;

/** Each line once for all replicas of a role that wrote it as often, at about the same time; in the order of the first of them. */
function saidOnce({ lines, sources }: Pick<DeploymentLogs, 'lines' | 'sources'>): readonly Said[] {
  const roles = new Map(sources.map(({ source, role }) => [source, role ?? source]));
  const times = new Map<string, number>();
  const known = new Map<string, Said>();
  const said: Said[] = [];
  for (const { source, time: stamp, text } of lines) {
    const own = JSON.stringify([source, text]);
    const nth = times.get(own) ?? 0;
    times.set(own, nth + 1);
    const key = JSON.stringify([roles.get(source), nth, text]);
    const time = Date.parse(stamp);
    const same = known.get(key);
    if (same && time - same.time < together) same.sources.push(source);
    else {
      const next = { text, time, sources: [source] };
      known.set(key, next);
      said.push(next);
    }
  }
  return said;
}

/** `text`, or `text (3 times)` where it was said so often in a row. */
function counted(texts: readonly string[]): readonly string[] {
  const told: { readonly text: string; times: number }[] = [];
  for (const text of texts) {
    const last = told.at(-1);
    if (last?.text === text) last.times += 1;
    else told.push({ text, times: 1 });
  }
  return told.map(({ text, times }) => (times === 1 ? text : `${text} (${times} times)`));
}

/** Log lines in few tokens: the names of those that wrote them stand once over lines in a row. */
export function logBlocks(logs: Pick<DeploymentLogs, 'lines' | 'sources'>): {
  readonly lines: readonly string[];
  /** Some lines stand for several. */
  readonly folded: boolean;
} {
  const said = saidOnce(logs);
  const blocks: { readonly heading: string; readonly texts: string[] }[] = [];
  for (const { sources, text } of said) {
    const heading = sources.toSorted().join(', ');
    const last = blocks.at(-1);
    if (last?.heading === heading) last.texts.push(text);
    else blocks.push({ heading, texts: [text] });
  }
  const named = logs.sources.length > 1;
  const lines = blocks.flatMap(({ heading, texts }) => [
    ...(named ? [`${heading}:`] : []),
    quoted(counted(texts).join('\n')),
  ]);
  return { lines, folded: said.length < logs.lines.length };
}
