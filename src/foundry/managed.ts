import { FoundryError } from '../errors.ts';
import type { Found } from './lookup.ts';

/** @throws FoundryError NOT_MANAGED for what others made, unless the caller says so */
export function requireManaged({ provider, deployment }: Found, unmanaged: boolean): void {
  const { kind, namespace, name, managed } = deployment;
  if (managed || unmanaged) return;
  throw new FoundryError(
    'NOT_MANAGED',
    `${kind} ${namespace}/${name} was not made by KubeFoundry.`,
    'If this one is really meant, call again with unmanaged: true.',
    { name, namespace, runtime: provider.id },
  );
}
