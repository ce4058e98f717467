import type { Deployment } from '../../foundry/deployment.ts';
import { tools } from '../../tools/registry.ts';
import type { Tool } from '../../tools/tool.ts';
import type { Dashboard } from '../state/dashboard.ts';

const required = (tool: Tool): readonly string[] =>
  Object.entries(tool.input.shape).flatMap(([field, schema]) => (schema.safeParse(undefined).success ? [] : [field]));

/** What can be done to one deployment: every tool that changes something and needs no more than its name. */
export const deploymentTools: readonly Tool[] = tools.filter(
  (tool) => tool.effect !== 'read' && required(tool).join() === 'name',
);

/** The tool's input for a deployment: exactly that one, also where others made it. */
function inputFor(tool: Tool, { name, namespace, runtime, managed }: Deployment): Record<string, unknown> {
  return { name, namespace, runtime, ...(!managed && 'unmanaged' in tool.input.shape && { unmanaged: true }) };
}

/** Carries a tool out on the deployments, on several at the same time and with one question for all. */
export async function runOn(dashboard: Dashboard, tool: Tool, rows: readonly Deployment[]): Promise<void> {
  const inputs = rows.map((row) => inputFor(tool, row));
  const [only] = inputs;
  if (inputs.length === 1 && only) await dashboard.run(tool, only);
  else await dashboard.runAll(tool, inputs);
}
