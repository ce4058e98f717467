import type { Deployment } from '../../foundry/deployment.ts';
import { inContext } from '../../foundry/shell.ts';
import { endpointUrl } from '../deployments/why.ts';
import type { Choice } from '../widgets/picker.tsx';

/** The commands of a page, by what they do. The id is the command itself. */
export const commandChoices = (commands: readonly string[]): readonly Choice[] =>
  commands.map((command) => ({ id: command, label: deedOf(command), detail: command }));

/** `kubectl --context here edit pods` → `kubectl edit` */
const deedOf = (command: string): string =>
  command
    .replace(/ --(?:kube-)?context (?:'[^']*'|\S+)/, '')
    .split(' ')
    .slice(0, 2)
    .join(' ');

/** Said where commands are shown that nobody else can run. */
export const privateWords = 'This sandbox is private to this dashboard: no command reaches it from elsewhere.';

/** What of a deployment, and of its pods that one looks at, is worth having in the clipboard. The id is the text itself. */
export function copyChoices(
  row: Deployment,
  context: string | undefined,
  pods: readonly string[] = [],
): readonly Choice[] {
  const { name, namespace, runtime, kind, apiVersion, endpoint } = row;
  const group = apiVersion.slice(0, apiVersion.indexOf('/'));
  const resource = `${kind.toLowerCase()}.${group}`;
  const call = { name: 'get_deployment', arguments: { name, namespace, runtime, context } };
  return [
    ...pods.map((pod) => ({ label: 'pod name', text: pod })),
    { label: 'name', text: name },
    ...(endpoint ? [{ label: 'endpoint', text: endpointUrl(endpoint) }] : []),
    { label: 'kubectl', text: inContext(`kubectl get ${resource} ${name} -n ${namespace} -o yaml`, context) },
    { label: 'tool call', text: JSON.stringify(call) },
  ].map(({ label, text }) => ({ id: text, label, detail: text }));
}
