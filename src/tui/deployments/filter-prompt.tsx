import { useState } from 'react';
import { useActions } from '../keys/use-actions.ts';
import type { ListAction, ListState } from '../state/list.ts';
import type { Store } from '../state/source.ts';
import { cut, plainCells, widthOf } from '../text/cells.ts';
import { type Field, fieldSpans, selectedField } from '../text/field.ts';
import { line, span } from '../text/line.ts';
import { Rows } from '../widgets/rows.tsx';
import { doubtOf } from './filter.ts';

const examples = '  text, !text, runtime:kuberay, phase!=Running, is:fault';

interface FilterPromptProps {
  readonly list: Store<ListState, ListAction>;
  readonly width: number;
  readonly onClose: () => void;
}

/** The filter of a list while it is typed; the list follows. */
export function FilterPrompt({ list, width, onClose }: FilterPromptProps) {
  const [before] = useState(list.snapshot);
  const [field, setField] = useState(() => selectedField(before.filter));
  const change = (next: Field) => {
    setField(next);
    list.dispatch({ type: 'filter', text: next.text });
  };
  useActions(
    {
      'choice.accept': onClose,
      'choice.cancel': () => {
        list.dispatch({ type: 'filter', text: before.filter });
        if (before.cursor !== undefined) list.dispatch({ type: 'choose', id: before.cursor });
        onClose();
      },
    },
    { level: 'panel', typing: { read: () => field, change } },
  );
  const doubt = doubtOf(field.text);
  const typed = widthOf(field.text);
  // What was typed counts more than what could be; what it cannot mean is said in the room that is left.
  const hint = doubt === undefined ? examples : cut(`  ${plainCells(doubt)}`, Math.max(0, width - typed - 4));
  const beside = width - widthOf(hint) - 3;
  const [room, shown] = typed < beside ? [beside, hint] : [width - 3, ''];
  const aside = span(shown, doubt === undefined ? 'dim' : 'warn');
  return <Rows lines={[line(span('/', 'key'), ...fieldSpans(field, room, true), aside)]} width={width} />;
}
