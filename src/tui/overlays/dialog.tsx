import { useState } from 'react';
import { isRunnable } from '../../foundry/plan.ts';
import { useActions } from '../keys/use-actions.ts';
import { type Dashboard, useDashboard } from '../state/dashboard.ts';
import { useLive } from '../state/use-live.ts';
import { wrap } from '../text/cells.ts';
import { type Field, fieldOf, fieldSpans } from '../text/field.ts';
import { blank, exactly, type Line, line, rule, span } from '../text/line.ts';
import { themes } from '../themes/themes.ts';
import { Rows } from '../widgets/rows.tsx';
import { commandRows } from './by-hand.ts';

type Asked = NonNullable<ReturnType<Dashboard['dialogs']['snapshot']>>;

interface DialogProps {
  readonly asked: Asked;
  readonly width: number;
  readonly height: number;
}

/** A question over everything else: the whole plan, then the answer. */
export function Dialog({ asked, width, height }: DialogProps) {
  const { theme: themeCell } = useDashboard();
  const { glyphs } = themes[useLive(themeCell)];
  const [field, setField] = useState(fieldOf(''));
  const [from, setFrom] = useState(0);
  const [isWrong, setWrong] = useState(false);
  const { typed } = asked;
  const body = questionLines(asked, width);
  const room = Math.max(1, height - 3);
  const most = Math.max(0, body.length - room);
  const top = Math.min(from, most);
  const scroll = {
    'dialog.down': () => setFrom(Math.min(most, top + room - 1)),
    'dialog.up': () => setFrom(Math.max(0, top - room + 1)),
  };
  const no = () => asked.answer(false);
  const retype = (to: Field) => {
    setField(to);
    setWrong(false);
  };
  useActions(
    typed === undefined
      ? { ...scroll, 'dialog.yes': () => asked.answer(true), 'dialog.no': no }
      : {
          ...scroll,
          'dialog.cancel': no,
          'dialog.confirm': () => (field.text === typed ? asked.answer(true) : setWrong(true)),
        },
    {
      level: 'dialog',
      ...(typed !== undefined && { typing: { read: () => field, change: retype } }),
    },
  );
  const answer =
    typed === undefined
      ? line(
          ' ',
          span(asked.asks ?? 'Carry it out?', 'title'),
          '  ',
          span('y', 'key'),
          ' yes   ',
          span('n', 'key'),
          ' no',
        )
      : line(' Type ', span(typed, 'bad'), ' and Enter: ', ...fieldSpans(field, Math.max(typed.length + 1, 20), true));
  const hidden = body.length - top - room;
  return (
    <Rows
      lines={[
        rule(asked.title, width, glyphs.horizontal),
        ...exactly(body.slice(top, top + room), room),
        isWrong
          ? line(span(` That is not ${typed}: nothing was done.`, 'warn'))
          : hidden > 0
            ? line(span(` ${hidden} more rows: Down`, 'warn'))
            : blank,
        answer,
      ]}
      width={width}
    />
  );
}

const dimmed = ({ spans }: Line): Line => line(...spans.map(({ text }) => span(text, 'dim')));

function questionLines({ lines, plans = [] }: Asked, width: number): readonly Line[] {
  const text = (words: string, indent: string, tone?: 'warn' | 'bad' | 'dim') =>
    wrap(words, width - indent.length - 2).map((row) => line(` ${indent}`, span(row, tone)));
  // What does not fit into a row goes on below the title's first word, not below its number.
  const step = (number: string, title: string) =>
    text(title, ' '.repeat(number.length)).map((row, at) =>
      at === 0 ? line(` ${number}`, ...row.spans.slice(1)) : row,
    );
  const steps = plans.flatMap((plan) => plan.steps);
  return [
    ...lines.flatMap((words) => text(words, '')),
    // Of several plans first what each is about, then what would be done for all.
    ...plans.flatMap(({ summary, blockers, warnings }) => [
      ...text(summary, ''),
      ...blockers.flatMap((words) => text(`In the way: ${words}`, '', 'bad')),
      ...warnings.flatMap((words) => text(`! ${words}`, '', 'warn')),
    ]),
    ...(plans.length > 0 ? [blank] : []),
    ...steps.flatMap((one, index) => [
      ...step(`${index + 1}. `, one.title),
      ...(isRunnable(one) ? commandRows(one.command, width).map(dimmed) : []),
    ]),
  ];
}
