import type { Deployment } from '../../foundry/deployment.ts';
import { begin, deploymentTools, toolKeys } from '../deployments/actions.ts';
import { subjectOf } from '../deployments/targets.ts';
import { keyOf } from '../keys/table.ts';
import { readOnlyReason, readOnlyWords } from '../state/access.ts';
import { useDashboard } from '../state/dashboard.ts';
import { useLive } from '../state/use-live.ts';
import { Menu } from './menu.tsx';
import type { Size } from './overlay-panel.tsx';

type DeploymentActionsProps = Size & { readonly deployments: readonly Deployment[] };

/** What the tools can do with deployments: a new tool appears here by itself. What only reads is told of one. */
export function DeploymentActions({ deployments, ...size }: DeploymentActionsProps) {
  const dashboard = useDashboard();
  const access = useLive(dashboard.access);
  const { writing } = access;
  const offered = deploymentTools.filter(({ effect }) => (effect === 'read' ? deployments.length === 1 : writing));
  return (
    <Menu
      {...size}
      title={`Actions on ${subjectOf(deployments)}${writing ? '' : ` (read-only: ${readOnlyReason(access)})`}`}
      choices={offered.map(({ name, title, description }) => ({
        id: name,
        label: title,
        detail: `${keyOfTool(name).padEnd(3)}${description}`,
      }))}
      empty={offered.length > 0 ? 'nothing that can be done is called so' : readOnlyWords(access)}
      onChoose={({ id }) => {
        const tool = deploymentTools.find(({ name }) => name === id);
        if (tool) begin(dashboard, tool, deployments);
      }}
    />
  );
}

/** The key that does the same without the menu. */
function keyOfTool(name: string): string {
  const action = toolKeys.find(({ tool }) => tool.name === name)?.action;
  return action === undefined ? '' : keyOf(action);
}
