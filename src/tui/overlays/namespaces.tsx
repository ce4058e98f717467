import { useEffect, useState } from 'react';
import { namespaceName } from '../../foundry/spec.ts';
import type { KnownNamespaces } from '../data/connection.ts';
import { useDashboard } from '../state/dashboard.ts';
import { Menu } from './menu.tsx';
import type { Named, OverlayProps } from './overlay-panel.tsx';

/** No namespace is called so. */
const everywhere = '*';
/** The word of k9s for every namespace is not taken for the name of one. */
const isName = (text: string): boolean => text !== 'all' && namespaceName.safeParse(text).success;

/** The namespaces that may be looked at. */
export function Namespaces({ connection, typed = '', width, height }: OverlayProps & Named) {
  const { connections } = useDashboard();
  const [text, setText] = useState(typed);
  const [read, setRead] = useState<KnownNamespaces>();
  useEffect(() => {
    const abort = new AbortController();
    connection?.namespaces(abort.signal).then(setRead, () => setRead({ names: [], more: true }));
    return () => abort.abort();
  }, [connection]);
  // Where they may not be listed, one that is known by its name can be looked at all the same.
  const { names, more } = read ?? { names: [], more: false };
  const written = more && isName(text) ? [text] : [];
  return (
    <Menu
      title="Namespaces"
      choices={[
        { id: everywhere, label: 'all namespaces' },
        ...[...new Set([...names.toSorted(), ...written])].map((name) => ({ id: name, label: name })),
      ]}
      empty="no such namespace"
      width={width}
      height={height}
      initial={typed}
      isReading={connection !== undefined && read === undefined}
      onType={setText}
      onChoose={({ id }) => connections.scope(id === everywhere ? undefined : id)}
    />
  );
}
