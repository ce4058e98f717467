import { useEffect, useState } from 'react';
import { useActions } from '../keys/use-actions.ts';
import { useDashboard } from '../state/dashboard.ts';
import { useLive } from '../state/use-live.ts';
import { toWidth, widthOf } from '../text/cells.ts';
import { type Field, fieldOf, fieldSpans } from '../text/field.ts';
import { exactly, type Line, line, rule, span } from '../text/line.ts';
import { type Theme, themes } from '../themes/themes.ts';
import { Rows } from './rows.tsx';

export interface Choice<Id extends string = string> {
  readonly id: Id;
  readonly label: string;
  readonly detail?: string;
}

interface PickerProps<Id extends string> {
  readonly title: string;
  readonly choices: readonly Choice<Id>[];
  /** Said where there is nothing to choose from. */
  readonly empty: string;
  /** What stands in the field at first. */
  readonly initial?: string;
  /** Whether the choices are still to come: what is accepted meanwhile is chosen from them then. */
  readonly isReading?: boolean;
  readonly width: number;
  readonly height: number;
  readonly onChoose: (choice: Choice<Id>) => void;
  readonly onCancel: () => void;
  readonly onType?: (text: string) => void;
}

/** Rows that a picker likes to have. */
export const pickerHeight = (available: number): number => Math.min(12, Math.max(4, Math.floor(available / 2)));

/** A list that is narrowed by typing. */
export function Picker<Id extends string>(props: PickerProps<Id>) {
  const { title, choices, empty, initial = '', isReading = false, width, height, onChoose, onCancel, onType } = props;
  const theme = themes[useLive(useDashboard().theme)];
  const [field, setField] = useState(() => fieldOf(initial));
  const [isAccepted, setAccepted] = useState(false);
  const [at, setAt] = useState(0);
  const found = matching(choices, field.text);
  const cursor = Math.min(at, Math.max(0, found.length - 1));
  const chosen = found[cursor];
  const retype = (next: Field) => {
    setField(next);
    setAt(0);
    setAccepted(false);
    onType?.(next.text);
  };
  useEffect(() => {
    if (!isAccepted || isReading) return;
    setAccepted(false);
    // Nobody has seen the choices yet: only what can be meant by nothing else is chosen.
    if (chosen && (found.length === 1 || isNamed(chosen, field.text))) onChoose(chosen);
  }, [isAccepted, isReading, chosen, found.length, field.text, onChoose]);
  useActions(
    {
      'choice.down': () => setAt(Math.min(cursor + 1, Math.max(0, found.length - 1))),
      'choice.up': () => setAt(Math.max(0, cursor - 1)),
      'choice.cancel': onCancel,
      ...(isReading && { 'choice.accept': () => setAccepted(true) }),
      ...(!isReading && chosen && { 'choice.accept': () => onChoose(chosen) }),
      ...(chosen && {
        'choice.complete': () => retype(fieldOf(chosen.label)),
      }),
    },
    { level: 'panel', typing: { read: () => field, change: retype } },
  );
  const lines = pickerLines({ title, found, cursor, empty, field, width, height, theme });
  return <Rows lines={lines} width={width} />;
}

interface PickerView {
  readonly title: string;
  readonly found: readonly Choice[];
  readonly cursor: number;
  readonly empty: string;
  readonly field: Field;
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

function pickerLines({ title, found, cursor, empty, field, width, height, theme }: PickerView): readonly Line[] {
  const room = height - 2;
  const top = Math.max(0, Math.min(cursor - Math.floor(room / 2), found.length - room));
  const label = Math.min(40, Math.max(0, ...found.map((choice) => widthOf(choice.label))));
  const rows = found.slice(top, top + room).map((choice, index) => {
    const isAt = top + index === cursor;
    const spans = [span(isAt ? ` ${theme.glyphs.cursor} ` : '   ', 'accent'), toWidth(choice.label, label), '  '];
    const text = line(...spans, span(choice.detail ?? '', 'dim'));
    return isAt ? { ...text, tone: 'cursor' as const } : text;
  });
  const prompt = line(
    ' ',
    ...fieldSpans(field, Math.max(10, Math.min(50, width - 24)), true),
    span(`  ${found.length}`, 'dim'),
  );
  return [
    rule(title, width, theme.glyphs.horizontal),
    prompt,
    ...exactly(rows.length > 0 ? rows : [line(span(`   ${empty}`, 'dim'))], room),
  ];
}

const isNamed = ({ label }: Choice, typed: string): boolean => label.toLowerCase() === typed.trim().toLowerCase();

/** Every word that was typed must be there; the one of just that name comes first, then those whose label begins so. */
export function matching<Id extends string>(choices: readonly Choice<Id>[], typed: string): readonly Choice<Id>[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const kept = choices.filter(({ label, detail = '' }) =>
    words.every((word) => `${label} ${detail}`.toLowerCase().includes(word)),
  );
  const [first = ''] = words;
  const nearness = (choice: Choice) =>
    Number(isNamed(choice, typed)) + Number(choice.label.toLowerCase().startsWith(first));
  return kept.toSorted((a, b) => nearness(b) - nearness(a));
}
