import { keyOf } from '../keys/table.ts';
import { createCell, type Source } from './source.ts';

/** Whether the dashboard may change the cluster. */
export interface AccessState {
  readonly writing: boolean;
  /** Until when, where it was allowed for a time. */
  readonly until?: Date;
  /** Why it cannot be allowed here at all. */
  readonly fixed?: string;
}

/** Why nothing can be changed now, or how it could be. */
export const readOnlyReason = ({ fixed }: AccessState): string =>
  fixed ?? `press ${keyOf('app.writing')} to allow changes`;

/** Said where something would change the cluster. */
export const readOnlyWords = (access: AccessState): string => `Read-only: ${readOnlyReason(access)}.`;

/** Protected contexts start read-only; leave to write there ends by itself. */
export interface Access extends Source<AccessState> {
  enter(context: { readonly readOnly: boolean; readonly isProtected: boolean }): void;
  toggle(): AccessState;
}

const leaveMilliseconds = 15 * 60_000;

export function createAccess(now: () => Date): Access {
  const { set, ...source } = createCell<AccessState>({ writing: false });
  let isProtected = false;
  let timer: NodeJS.Timeout | undefined;
  return {
    ...source,
    enter(context) {
      clearTimeout(timer);
      isProtected = context.isProtected;
      const fixed = context.readOnly ? 'started with --read-only' : undefined;
      set({ writing: !context.readOnly && !isProtected, ...(fixed !== undefined && { fixed }) });
    },
    toggle() {
      clearTimeout(timer);
      const before = source.snapshot();
      if (before.fixed !== undefined) return before;
      if (before.writing || !isProtected) set({ writing: !before.writing });
      else {
        set({ writing: true, until: new Date(now().getTime() + leaveMilliseconds) });
        timer = setTimeout(() => set({ writing: false }), leaveMilliseconds);
        timer.unref();
      }
      return source.snapshot();
    },
  };
}
