import type { Tool } from './tool.ts';

/** The hints of the MCP specification, derived from what the tool says of itself. */
export interface Annotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** Writes say what should be, so that the same call again changes nothing more. What a cluster holds was written by others. */
export const annotationsOf = ({ effect, repeats = false }: Tool): Annotations => ({
  readOnlyHint: effect === 'read',
  destructiveHint: effect === 'destroy',
  idempotentHint: !repeats,
  openWorldHint: true,
});
