import { useLayoutEffect, useRef } from 'react';
import { readOnlyWords } from '../state/access.ts';
import { useDashboard } from '../state/dashboard.ts';
import { useLive } from '../state/use-live.ts';
import type { Actions, Layer, Level } from './layers.ts';
import { type ActionId, actionIds, bindingOf } from './table.ts';

type LayerOptions = Pick<Layer, 'typing'> & {
  readonly level: Level;
  /** Default true for panels and dialogs. */
  readonly modal?: boolean;
};

/**
 * Offers actions as long as the component is mounted; leave one out to offer it not. In read-only mode those that
 * change the cluster only say so.
 */
export function useActions(actions: Actions, options: LayerOptions): void {
  const { layers, access, flash } = useDashboard();
  const { writing } = useLive(access);
  const { level, modal = level === 'panel' || level === 'dialog', typing } = options;
  const refuse = () => flash.show(readOnlyWords(access.snapshot()), 'warn');
  const latest = useRef<Layer>({ level, modal, actions });
  useLayoutEffect(() => {
    latest.current = {
      level,
      modal,
      actions: writing ? actions : refusing(actions, refuse),
      ...(typing && { typing }),
    };
    layers.refresh();
  });
  useLayoutEffect(() => layers.add(() => latest.current), [layers]);
}

function refusing(actions: Actions, refuse: () => void): Actions {
  const result: Partial<Record<ActionId, () => void>> = {};
  for (const id of actionIds) {
    const action = actions[id];
    if (action) result[id] = bindingOf(id).mutates ? refuse : action;
  }
  return result;
}
