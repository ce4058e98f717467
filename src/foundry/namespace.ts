import { FoundryError } from '../errors.ts';
import type { Step } from '../providers/provider.ts';
import { managedBy } from './deployment.ts';
import type { Site } from './site.ts';

const namespaces = { group: '', kind: 'Namespace' };

/** The step that creates a namespace which is not there, and what to say about it. */
export async function namespaceStep(
  site: Site,
  name: string,
  signal: AbortSignal,
): Promise<{ readonly missing: boolean; readonly steps: readonly Step[]; readonly warnings: readonly string[] }> {
  try {
    if (await site.cluster.get(namespaces, { name }, { signal })) return { missing: false, steps: [], warnings: [] };
  } catch (error) {
    // Who may not look at namespaces can still work in one; the dry-run tells when it is not there.
    if (error instanceof FoundryError && error.code === 'FORBIDDEN') return { missing: false, steps: [], warnings: [] };
    throw error;
  }
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: managedBy } };
  const step: Step = {
    kind: 'apply',
    object,
    title: `Create Namespace ${name}`,
    command: `kubectl create namespace ${name}`,
  };
  return { missing: true, steps: [step], warnings: [`The namespace ${name} does not exist yet; it is created.`] };
}
