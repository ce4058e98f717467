import type { Tool } from './tool.ts';

/** The hints of the MCP specification, derived from the effect alone. */
export interface Annotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** Writes say what should be, so that the same call again changes nothing more, or is refused (a restart while one is going on). What a cluster holds was written by others. */
export const annotationsOf = ({ effect }: Tool): Annotations => ({
  readOnlyHint: effect === 'read',
  destructiveHint: effect === 'destroy',
  idempotentHint: true,
  openWorldHint: true,
});
