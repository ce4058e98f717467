import { useState } from 'react';
import { useActions } from '../keys/use-actions.ts';
import { edit, fieldOf, fieldSpans, insert } from '../text/field.ts';
import { line, span } from '../text/line.ts';
import { Rows } from './rows.tsx';

interface PromptProps {
  readonly label: string;
  readonly hint: string;
  readonly initial: string;
  readonly width: number;
  readonly onAccept: (text: string) => void;
  readonly onCancel: () => void;
}

/** One line that asks for a text. */
export function Prompt({ label, hint, initial, width, onAccept, onCancel }: PromptProps) {
  const [field, setField] = useState(() => fieldOf(initial));
  useActions(
    { 'choice.accept': () => onAccept(field.text.trim()), 'choice.cancel': onCancel },
    {
      level: 'panel',
      stroke(stroke) {
        const next = edit(field, stroke);
        if (next) setField(next);
        return next !== undefined;
      },
      paste: (text) => setField(insert(field, text)),
    },
  );
  const room = Math.max(10, Math.min(40, width - label.length - hint.length - 6));
  const row = line(' ', span(label, 'key'), ' ', ...fieldSpans(field, room, true), span(`  ${hint}`, 'dim'));
  return <Rows lines={[row]} width={width} />;
}
