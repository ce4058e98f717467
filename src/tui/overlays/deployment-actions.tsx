import { deploymentTools, runOn } from '../deployments/actions.ts';
import { rowOf } from '../deployments/row-of.ts';
import { useDashboard } from '../state/dashboard.ts';
import type { DeploymentKey } from '../state/navigation.ts';
import { Menu } from './menu.tsx';
import type { OverlayProps } from './overlay-panel.tsx';

type DeploymentActionsProps = OverlayProps & { readonly deployment: DeploymentKey };

/** What the tools can do to a deployment: a new tool appears here by itself. */
export function DeploymentActions({ connection, deployment, ...size }: DeploymentActionsProps) {
  const dashboard = useDashboard();
  const row = rowOf(connection, deployment);
  const choices = deploymentTools.map(({ name, title, description }) => ({
    id: name,
    label: title,
    detail: description,
  }));
  return (
    <Menu
      {...size}
      title={`Actions on ${deployment.name}`}
      choices={row ? choices : []}
      empty="it is not there any more"
      onChoose={({ id }) => {
        const tool = deploymentTools.find(({ name }) => name === id);
        if (tool && row) void runOn(dashboard, tool, [row]);
      }}
    />
  );
}
