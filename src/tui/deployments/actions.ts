import type { Deployment } from '../../foundry/deployment.ts';
import { deleteDeployment } from '../../tools/delete-deployment.ts';
import { diagnoseDeployment } from '../../tools/diagnose-deployment.ts';
import { getDeploymentLogs } from '../../tools/get-deployment-logs.ts';
import { getDeploymentMetrics } from '../../tools/get-deployment-metrics.ts';
import { tools } from '../../tools/registry.ts';
import { restartDeployment } from '../../tools/restart-deployment.ts';
import { scaleDeployment } from '../../tools/scale-deployment.ts';
import type { Tool } from '../../tools/tool.ts';
import type { OpenConnection } from '../data/connection.ts';
import { duplicate, edit } from '../form/filling.ts';
import type { Actions } from '../keys/layers.ts';
import type { ActionId } from '../keys/table.ts';
import { readOnlyWords } from '../state/access.ts';
import type { Dashboard } from '../state/dashboard.ts';
import type { Overlay } from '../state/navigation.ts';
import { choose } from './list-view.ts';
import { type Given, isForDeployment, questionsOf } from './questions.ts';
import { hiddenWords } from './targets.ts';

/** What can be done with a deployment: every tool that works on one and asks for little more than its name. */
export const deploymentTools: readonly Tool[] = tools.filter(isForDeployment);

/** Tools that have a key of their own. */
export const toolKeys: readonly { readonly action: ActionId; readonly tool: Tool }[] = [
  { action: 'deployment.delete', tool: deleteDeployment },
  { action: 'deployment.scale', tool: scaleDeployment },
  { action: 'deployment.restart', tool: restartDeployment },
  { action: 'deployment.diagnose', tool: diagnoseDeployment },
  { action: 'deployment.logs', tool: getDeploymentLogs },
  { action: 'deployment.metrics', tool: getDeploymentMetrics },
];

/** What the keys do with a deployment. */
export const deploymentActions = (dashboard: Dashboard, connection: OpenConnection, row: Deployment): Actions => ({
  ...selectedActions(dashboard, connection, row),
  ...targetActions(dashboard, () => [row]),
});

/** What only reads or fills the form: of several it is done with the one that is selected. */
export function selectedActions(dashboard: Dashboard, connection: OpenConnection, selected: Deployment): Actions {
  const reading = toolKeys.filter(({ tool }) => tool.effect === 'read');
  return {
    ...Object.fromEntries(reading.map(({ action, tool }) => [action, () => begin(dashboard, tool, [selected])])),
    'deployment.duplicate': () => void duplicate(dashboard, connection, selected),
    'deployment.edit': () => void edit(dashboard, connection, selected),
    'deployment.copy': () => open(dashboard, { kind: 'copy', deployment: selected }),
  };
}

/** What changes something: it is done with all `targets`. Those of the moment of the key stay those of its questions. */
export function targetActions(dashboard: Dashboard, targets: () => readonly Deployment[]): Actions {
  const changing = toolKeys.filter(({ tool }) => tool.effect !== 'read');
  const onTargets = (work: (rows: readonly Deployment[]) => void) => () => {
    const rows = targets();
    if (rows.length > 0) work(rows);
    else dashboard.flash.show('What is marked is being read: press the key again when it is there.', 'warn');
  };
  return {
    ...Object.fromEntries(
      changing.map(({ action, tool }) => [action, onTargets((rows) => begin(dashboard, tool, rows))]),
    ),
    'deployment.actions': onTargets((deployments) => open(dashboard, { kind: 'actions', deployments })),
  };
}

const open = ({ navigation }: Dashboard, overlay: Overlay) => navigation.dispatch({ type: 'open', overlay });

/** Asks for what the tool has to be told, then calls it. */
export function begin(dashboard: Dashboard, tool: Tool, rows: readonly Deployment[]): void {
  if (questionsOf(tool, rows).length === 0) carryOut(dashboard, tool, rows, {});
  else open(dashboard, { kind: 'inputs', tool, deployments: rows });
}

/** Calls the tool: on several at the same time and with one question for all. What only reads is answered on a page, logs on one that follows them. */
export function carryOut(dashboard: Dashboard, tool: Tool, rows: readonly Deployment[], given: Given): void {
  const inputs = rows.map((row) => ({ ...inputFor(tool, row), ...given }));
  const [only, ...others] = inputs;
  if (!only) return;
  if (tool.name === getDeploymentLogs.name) {
    for (const { name, namespace, runtime } of rows.slice(0, 1))
      open(dashboard, { kind: 'logs', deployment: { name, namespace, runtime } });
  } else if (tool.effect === 'read') {
    open(dashboard, { kind: 'answer', tool, input: only });
  } else if (!dashboard.access.snapshot().writing) {
    dashboard.flash.show(readOnlyWords(dashboard.access.snapshot()), 'warn');
  } else {
    // One key starts it, so that its plan is shown first, whatever the tool asks elsewhere.
    const asking: Tool = { ...tool, asks: true };
    const note = hiddenNote(dashboard, rows);
    void (others.length === 0 ? dashboard.run(asking, only, note) : dashboard.runAll(asking, inputs, note));
  }
}

/** From the list, what is marked and the filter hides is told apart: nobody sees it there. */
function hiddenNote({ lists, navigation }: Dashboard, rows: readonly Deployment[]): string | undefined {
  if (navigation.snapshot().place.screen !== 'deployments') return undefined;
  return hiddenWords(rows.length, choose(rows, lists.deployments.snapshot()).rows.length);
}

/** The tool's input for a deployment: exactly that one, also where others made it. */
function inputFor(tool: Tool, { name, namespace, runtime, managed }: Deployment): Given {
  return { name, namespace, runtime, ...(!managed && 'unmanaged' in tool.input.shape && { unmanaged: true }) };
}
