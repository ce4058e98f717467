import { useEffect, useState } from 'react';
import { type ContextChoice, useDashboard } from '../state/dashboard.ts';
import { Menu } from './menu.tsx';
import type { Named, Size } from './overlay-panel.tsx';

/** The contexts of the kubeconfig. Nothing changes which one is current there. */
export function Contexts({ typed, width, height }: Size & Named) {
  const { connections, options } = useDashboard();
  const [choices, setChoices] = useState<readonly ContextChoice[]>([]);
  const [empty, setEmpty] = useState<string>();
  useEffect(() => {
    options.contexts().then(
      (found) => {
        setChoices(found);
        setEmpty(found.length === 0 ? 'the kubeconfig names no context' : 'the kubeconfig names no such context');
      },
      (error: unknown) => setEmpty(error instanceof Error ? error.message : String(error)),
    );
  }, [options]);
  return (
    <Menu
      title="Contexts"
      choices={choices.map(({ name, server, current, note }) => ({
        id: name,
        label: name,
        detail: [server, note, current ? '(current)' : undefined].filter((part) => part !== undefined).join('  '),
      }))}
      empty={empty ?? 'reading …'}
      isReading={empty === undefined}
      initial={typed}
      width={width}
      height={height}
      onChoose={({ id }) => void connections.connect(id)}
    />
  );
}
