import { useState } from 'react';
import { useActions } from '../keys/use-actions.ts';
import { wrap } from '../text/cells.ts';
import { type Field, fieldSpans, selectedField } from '../text/field.ts';
import { exactly, line, span } from '../text/line.ts';
import { Rows } from './rows.tsx';

interface PromptProps {
  readonly label: string;
  readonly hint: string;
  readonly initial: string;
  readonly width: number;
  /** What speaks against a text: said below, in `problemHeight` rows, and it is not accepted. */
  readonly judge?: (text: string) => string | undefined;
  readonly onAccept: (text: string) => void;
  readonly onCancel: () => void;
}

/** Rows below a prompt that judges. */
export const problemHeight = 2;

/** One line that asks for a text. */
export function Prompt({ label, hint, initial, width, judge, onAccept, onCancel }: PromptProps) {
  const [field, setField] = useState(() => selectedField(initial));
  const [problem, setProblem] = useState('');
  const change = (next: Field) => {
    setField(next);
    setProblem('');
  };
  const accept = () => {
    const text = field.text.trim();
    const found = judge?.(text);
    if (found === undefined) onAccept(text);
    else setProblem(found);
  };
  useActions(
    { 'choice.accept': accept, 'choice.cancel': onCancel },
    { level: 'panel', typing: { read: () => field, change } },
  );
  const room = Math.max(10, Math.min(40, width - label.length - hint.length - 6));
  const row = line(' ', span(label, 'key'), ' ', ...fieldSpans(field, room, true), span(`  ${hint}`, 'dim'));
  const below = wrap(problem, width - 2).map((part) => line(' ', span(part, 'bad')));
  return <Rows lines={[row, ...(judge ? exactly(below, problemHeight) : [])]} width={width} />;
}
