import type { KubernetesObject } from '../kubernetes.ts';
import type { AskedSpec } from '../providers/asked.ts';
import type { Provider } from '../providers/provider.ts';

/** What was asked for to get a deployment; null where its object has fields of wrong types. Never throws. */
export function askedOf(provider: Provider, primary: KubernetesObject): AskedSpec | null {
  try {
    return provider.deploying.asked(primary);
  } catch {
    return null;
  }
}
