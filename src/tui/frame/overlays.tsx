import { useEffect, useMemo, useState } from 'react';
import type { OpenConnection } from '../data/connection.ts';
import { deploymentTools, runOn } from '../deployments/actions.ts';
import { idOf } from '../deployments/list-view.ts';
import { type ContextChoice, useDashboard } from '../state/dashboard.ts';
import type { DeploymentKey, Overlay } from '../state/navigation.ts';
import { useLive } from '../state/use-live.ts';
import { clipboardSequence } from '../terminal/clipboard.ts';
import { commandLines } from './command-lines.ts';
import { copyChoices } from './copy.ts';
import { helpLines } from './help.tsx';
import { paletteChoices } from './palette.ts';
import { Picker } from './picker.tsx';
import { Scrolled } from './scrolled.tsx';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Overlays that take the whole room between header and footer; the others share it with the screen. */
export const isPage = ({ kind }: Overlay): boolean => kind === 'help' || kind === 'command';

export function Page({ overlay, width, height }: Size & { readonly overlay: Overlay }) {
  const { navigation, operations, options } = useDashboard();
  const [latest] = useLive(operations);
  const lines = overlay.kind === 'help' ? helpLines(width, options.version) : commandLines(latest, width);
  const close = () => navigation.dispatch({ type: 'close' });
  return <Scrolled lines={lines} width={width} height={height} level="panel" actions={{ 'page.close': close }} />;
}

type Panel = Size & { readonly connection: OpenConnection | undefined };

export function OverlayPanel({ overlay, ...panel }: Panel & { readonly overlay: Overlay }) {
  switch (overlay.kind) {
    case 'palette':
      return <Palette {...panel} />;
    case 'contexts':
      return <Contexts {...panel} />;
    case 'namespaces':
      return <Namespaces {...panel} />;
    case 'copy':
      return <Copy {...panel} deployment={overlay.deployment} />;
    case 'actions':
      return <DeploymentActions {...panel} deployment={overlay.deployment} />;
    case 'help':
    case 'command':
      return null;
  }
}

function Palette({ width, height }: Size) {
  const { access, layers, navigation } = useDashboard();
  const { writing } = useLive(access);
  const [choices] = useState(() => paletteChoices(layers.offered(), writing));
  return (
    <Picker
      title="Commands"
      choices={choices}
      empty="no such command"
      width={width}
      height={height}
      onChoose={({ id }) => {
        navigation.dispatch({ type: 'close' });
        layers.run(id);
      }}
      onCancel={() => navigation.dispatch({ type: 'close' })}
    />
  );
}

function Contexts({ width, height }: Size) {
  const { connections, navigation, options } = useDashboard();
  const [choices, setChoices] = useState<readonly ContextChoice[]>([]);
  useEffect(() => {
    options.contexts().then(setChoices, () => setChoices([]));
  }, [options]);
  return (
    <Picker
      title="Contexts"
      choices={choices.map(({ name, server = '', current }) => ({
        id: name,
        label: name,
        detail: `${server}${current ? '  (current)' : ''}`,
      }))}
      empty="the kubeconfig names no context"
      width={width}
      height={height}
      onChoose={({ id }) => {
        navigation.dispatch({ type: 'close' });
        void connections.connect(id);
      }}
      onCancel={() => navigation.dispatch({ type: 'close' })}
    />
  );
}

const allNamespaces = '*';

function Namespaces({ connection, width, height }: Panel) {
  const { connections, navigation } = useDashboard();
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    connection?.namespaces(abort.signal).then(
      (found) => setNames(found),
      () => {},
    );
    return () => abort.abort();
  }, [connection]);
  const all = { id: allNamespaces, label: 'all namespaces' };
  return (
    <Picker
      title="Namespaces"
      choices={[all, ...names.map((name) => ({ id: name, label: name }))]}
      empty="no such namespace"
      width={width}
      height={height}
      onChoose={({ id }) => {
        navigation.dispatch({ type: 'close' });
        connections.scope(id === allNamespaces ? undefined : id);
      }}
      onCancel={() => navigation.dispatch({ type: 'close' })}
    />
  );
}

function useRow(connection: OpenConnection | undefined, key: DeploymentKey) {
  return useMemo(
    () => connection?.listing.snapshot().deployments.find((row) => idOf(row) === idOf(key)),
    [connection, key],
  );
}

function Copy({ connection, deployment, width, height }: Panel & { readonly deployment: DeploymentKey }) {
  const { flash, navigation, options } = useDashboard();
  const row = useRow(connection, deployment);
  return (
    <Picker
      title={`Copy of ${deployment.name}`}
      choices={row && connection ? copyChoices(row, connection.site.context) : []}
      empty="it is not there any more"
      width={width}
      height={height}
      onChoose={({ id, label }) => {
        options.write(clipboardSequence(id));
        flash.show(`Copied the ${label} of ${deployment.name}.`, 'good');
        navigation.dispatch({ type: 'close' });
      }}
      onCancel={() => navigation.dispatch({ type: 'close' })}
    />
  );
}

/** What the tools can do to a deployment: a new tool appears here by itself. */
function DeploymentActions({ connection, deployment, width, height }: Panel & { readonly deployment: DeploymentKey }) {
  const dashboard = useDashboard();
  const { access, flash, navigation } = dashboard;
  const row = useRow(connection, deployment);
  return (
    <Picker
      title={`Actions on ${deployment.name}`}
      choices={
        row
          ? deploymentTools.map(({ name, title, description }) => ({ id: name, label: title, detail: description }))
          : []
      }
      empty="it is not there any more"
      width={width}
      height={height}
      onChoose={({ id }) => {
        navigation.dispatch({ type: 'close' });
        const tool = deploymentTools.find(({ name }) => name === id);
        if (!access.snapshot().writing) flash.show('Read-only: press W to allow changes.', 'warn');
        else if (tool && row) void runOn(dashboard, tool, [row]);
      }}
      onCancel={() => navigation.dispatch({ type: 'close' })}
    />
  );
}
