import { rowOf } from '../deployments/row-of.ts';
import { useDashboard } from '../state/dashboard.ts';
import type { DeploymentKey } from '../state/navigation.ts';
import { clipboardSequence } from '../terminal/clipboard.ts';
import { copyChoices } from './copy-choices.ts';
import { Menu } from './menu.tsx';
import type { OverlayProps } from './overlay-panel.tsx';

/** What of a deployment goes to the clipboard. */
export function CopyMenu({ connection, deployment, ...size }: OverlayProps & { readonly deployment: DeploymentKey }) {
  const { flash, navigation, options } = useDashboard();
  const row = rowOf(connection, deployment);
  const { place } = navigation.snapshot();
  const isAtPods = place.screen === 'deployment' && place.tab === 'pods';
  const pods = isAtPods ? (connection?.listing.detail(deployment)?.deployment.pods ?? []) : [];
  return (
    <Menu
      {...size}
      title={`Copy of ${deployment.name}`}
      choices={
        row && connection
          ? copyChoices(
              row,
              connection.site.cluster.namedContext,
              pods.map(({ name }) => name),
            )
          : []
      }
      empty="it is not there any more"
      onChoose={({ id, label }) => {
        options.write(clipboardSequence(id));
        flash.show(`Copied the ${label} of ${deployment.name}.`, 'good');
      }}
    />
  );
}
