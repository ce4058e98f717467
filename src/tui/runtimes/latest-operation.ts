import type { RuntimeId } from '../../foundry/spec.ts';
import type { Operation } from '../state/operations.ts';

/** The latest call that installed, upgraded or uninstalled a runtime in a context, or tried to; what was declined did nothing. */
export const latestOn = (
  operations: readonly Operation[],
  { runtime, context }: { readonly runtime: RuntimeId; readonly context: string | undefined },
): Operation | undefined =>
  operations.find(
    ({ input, state }) =>
      state !== 'declined' && input.context === context && input.runtime === runtime && input.name === undefined,
  );
