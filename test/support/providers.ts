import type { Provider } from '../../src/providers/provider.ts';
import type { RuntimeId } from '../../src/providers/spec.ts';

/** Loaded one by one, so that one provider's mistake does not hide the tests of the other. */
export const loadProvider: Readonly<Record<RuntimeId, () => Promise<Provider>>> = {
  dynamo: async () => (await import('../../src/providers/dynamo/provider.ts')).dynamo,
  kuberay: async () => (await import('../../src/providers/kuberay/provider.ts')).kuberay,
};
