import { FoundryError } from '../errors.ts';
import type { Step } from '../providers/provider.ts';
import { managedBy } from './deployment.ts';

/** Whether the server refused a write because the namespace is not there. */
export const isNamespaceMissing = (error: FoundryError | undefined): boolean =>
  error instanceof FoundryError && error.details.missing === 'namespace';

/** Creates a namespace. */
export const namespaceStep = (name: string): Step => ({
  kind: 'apply',
  object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: managedBy } },
  title: `Create Namespace ${name}`,
  command: `kubectl create namespace ${name}`,
});
