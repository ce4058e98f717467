import { flags } from '../deployments/columns.ts';
import { type ActionId, actionIds, bindingOf, groupOf, groups, helpOf, keyLabel } from '../keys/table.ts';
import type { ScreenName } from '../state/navigation.ts';
import { toWidth } from '../text/cells.ts';
import { blank, cutLine, fillLine, type Line, line, span } from '../text/line.ts';

/** The groups of keys that a screen has of its own, which its help begins with. */
const ownGroups: Readonly<Record<ScreenName, readonly string[]>> = {
  runtimes: ['runtime'],
  runtime: ['runtime'],
  deployments: ['table', 'deployment'],
  deployment: ['tab', 'deployment'],
  deploy: ['form', 'send'],
};

/** Every key by group, from the one table; those of the screen first. */
export function helpLines(width: number, version: string, screen: ScreenName): readonly Line[] {
  const isOwn = ([group]: (typeof groups)[number]) => ownGroups[screen].includes(group);
  const ordered = groups.toSorted((one, other) => Number(isOwn(other)) - Number(isOwn(one)));
  const sections = ordered.map(([group, title]) => [
    line(' ', span(title, 'title')),
    ...actionIds.filter((id) => groupOf(id) === group).map(keyLine),
    ...(group === 'table' ? [blank, line(' ', span('Deployments: behind a row', 'title')), ...flagLines] : []),
    blank,
  ]);
  const head = [line(' ', span(`KubeFoundry ${version}: keys`, 'title')), blank];
  if (width < 100) return [...head, ...sections.flat()];
  const half = Math.floor(width / 2);
  const [left, right] = balanced(sections);
  return [...head, ...columns(left, right, half)];
}

const keyLine = (id: ActionId): Line => {
  const binding = bindingOf(id);
  return line('   ', span(toWidth(binding.keys.map(keyLabel).join(' '), 16), 'key'), helpOf(binding));
};

const flagLines: readonly Line[] = Object.values(flags).map(([flag, words]) =>
  line('   ', span(toWidth(flag, 16), 'warn'), words),
);

function balanced(sections: readonly (readonly Line[])[]): readonly [readonly Line[], readonly Line[]] {
  const total = sections.flat().length;
  const left: Line[] = [];
  const right: Line[] = [];
  for (const section of sections) (left.length + section.length / 2 <= total / 2 ? left : right).push(...section);
  return [left, right];
}

const columns = (left: readonly Line[], right: readonly Line[], half: number): readonly Line[] =>
  Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const text = fillLine(cutLine(left[index] ?? blank, half - 1), half);
    return line(...text.spans, ...(right[index]?.spans ?? []));
  });
