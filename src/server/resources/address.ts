import { namespaceName, type RuntimeId } from '../../foundry/spec.ts';
import { objectName, runtime } from '../../tools/inputs.ts';

/** What a `kubefoundry://` URI names. */
export type ResourceAddress =
  | { readonly kind: 'runtimes' }
  | { readonly kind: 'deployments' }
  | { readonly kind: 'deployment'; readonly namespace: string; readonly name: string; readonly runtime?: RuntimeId };

export const runtimesUri = 'kubefoundry://runtimes';
export const deploymentsUri = 'kubefoundry://deployments';
export const deploymentTemplate = 'kubefoundry://deployments/{namespace}/{name}';
export const deploymentOnRuntimeTemplate = 'kubefoundry://deployments/{namespace}/{name}/{runtime}';

const deploymentUri = /^kubefoundry:\/\/deployments\/([^/?#]+)\/([^/?#]+)(?:\/([^/?#]+))?$/;

/** What a URI names; undefined where it names nothing of ours. Names are validated: they become part of a request. */
export function addressOf(uri: string): ResourceAddress | undefined {
  if (uri === runtimesUri) return { kind: 'runtimes' };
  if (uri === deploymentsUri) return { kind: 'deployments' };
  const [, ...parts] = deploymentUri.exec(uri) ?? [];
  const namespace = namespaceName.safeParse(parts[0]);
  const name = objectName.safeParse(parts[1]);
  const on = runtime.optional().safeParse(parts[2]);
  if (!namespace.success || !name.success || !on.success) return undefined;
  return { kind: 'deployment', namespace: namespace.data, name: name.data, runtime: on.data };
}

/** The URI of one deployment; with its runtime it is never ambiguous. */
export const uriOf = ({
  namespace,
  name,
  runtime: on,
}: {
  readonly namespace: string;
  readonly name: string;
  readonly runtime: RuntimeId;
}): string => `${deploymentsUri}/${namespace}/${name}/${on}`;
