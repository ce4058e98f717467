import { coldStart } from './cold-start.ts';
import { connections } from './connections.ts';
import { idleMemory } from './idle-memory.ts';
import { listCall } from './list-call.ts';
import { recovery } from './recovery.ts';
import type { Row } from './row.ts';
import { sync } from './sync.ts';
import { tui } from './tui.ts';

/** In the order of the report. A new row is one file and one line. */
export const rows: readonly Row[] = [coldStart, listCall, connections, sync, idleMemory, recovery, tui];
