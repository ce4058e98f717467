import { useInput, usePaste } from 'ink';
import { useRef } from 'react';
import { useDashboard } from '../state/dashboard.ts';
import { type Stroke, strokesOf } from '../terminal/strokes.ts';

/**
 * Hands keys on one by one. What arrived together is handed on with time to paint between, so that each key meets the
 * view that the one before it made.
 */
export function useStrokes(): void {
  const { layers } = useDashboard();
  const waiting = useRef<Stroke[]>([]);
  const next = () => {
    const stroke = waiting.current[0];
    if (!stroke) return;
    // Quitting works from everywhere, also while something is asked or typed.
    if (stroke.name === 'ctrl+c') layers.run('app.exit');
    else layers.press(stroke);
    setImmediate(() => {
      waiting.current.shift();
      next();
    });
  };
  useInput((input, key) => {
    const idle = waiting.current.length === 0;
    waiting.current.push(...strokesOf(input, key));
    if (idle) next();
  });
  usePaste((text) => layers.paste(text));
}
