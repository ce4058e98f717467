import { useEffect, useState } from 'react';
import { useDashboard } from '../state/dashboard.ts';
import { Menu } from './menu.tsx';
import type { OverlayProps } from './overlay-panel.tsx';

/** No namespace is called so. */
const everywhere = '*';

/** The namespaces that may be looked at. */
export function Namespaces({ connection, width, height }: OverlayProps) {
  const { connections } = useDashboard();
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    // Without them there is still the choice of all.
    connection?.namespaces(abort.signal).then(setNames, () => {});
    return () => abort.abort();
  }, [connection]);
  return (
    <Menu
      title="Namespaces"
      choices={[
        { id: everywhere, label: 'all namespaces' },
        ...names.toSorted().map((name) => ({ id: name, label: name })),
      ]}
      empty="no such namespace"
      width={width}
      height={height}
      onChoose={({ id }) => connections.scope(id === everywhere ? undefined : id)}
    />
  );
}
