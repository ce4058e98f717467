import { useInput, usePaste } from 'ink';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { useDashboard } from '../state/dashboard.ts';
import { type Stroke, strokesOf } from '../terminal/strokes.ts';

/**
 * Hands keys on one by one. What arrived together waits until the views have changed: each key meets the view that the
 * one before it made. What cannot be seen gets none.
 */
export function Strokes({ isHidden }: { readonly isHidden: boolean }) {
  const { layers } = useDashboard();
  const waiting = useRef<Stroke[]>([]);
  // It changes in the same commit as whatever the key changed, so that its effect comes when the views are ready.
  const [pressed, setPressed] = useState(0);
  const press = useCallback(() => {
    const [stroke] = waiting.current;
    if (!stroke) return;
    // Quitting works from everywhere, also while something is asked or typed.
    if (stroke.name === 'ctrl+c') layers.run('app.exit');
    else if (!isHidden) layers.press(stroke);
    setPressed((count) => count + 1);
  }, [layers, isHidden]);
  useLayoutEffect(() => {
    if (pressed === 0) return;
    waiting.current.shift();
    // Not at once: React takes many changes from within effects for an endless loop.
    if (waiting.current.length > 0) setImmediate(press);
  }, [pressed, press]);
  useInput((input, key) => {
    const idle = waiting.current.length === 0;
    waiting.current.push(...strokesOf(input, key));
    if (idle) press();
  });
  usePaste((text) => {
    if (!isHidden) layers.paste(text);
  });
  return null;
}
