import type * as z from 'zod';
import type { Foundry } from '../foundry/foundry.ts';
import type { Plan } from '../foundry/plan.ts';
import type { Needs } from '../foundry/rights.ts';

/** What a tool does to the cluster; the hints of every front end derive from it. */
type Effect = 'read' | 'write' | 'destroy';

export interface Progress {
  readonly message: string;
  readonly done?: number;
  readonly total?: number;
}

/** What a tool may use besides its input. */
export interface ToolContext {
  readonly foundry: Foundry;
  /** Who asks, for the Event on the object: `mcp claude-code 2.1`, `cli alice`. */
  readonly caller: string;
  readonly progress: (progress: Progress) => void;
  /** Digest of the plan that a human approved; `run` refuses with CONFLICT when the plan is another one by now. */
  readonly approved?: string;
}

/**
 * One thing that a person or an agent can do, as one value (design §3).
 * `run` throws FoundryError and returns data that fits `output`; `text` renders it for a model that pays per token.
 */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Short name on the command line. */
  readonly command: string;
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  /** Asks a human first although it does not destroy. */
  readonly asks?: boolean;
  /** The same call again does the same again. */
  readonly repeats?: boolean;
  /** For doctor, the roles in docs/rbac and the README. */
  readonly needs: Needs;
  readonly input: Input;
  readonly output: Output;
  readonly route?: { readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; readonly path: string };
  /** What `run` would do, for the confirmation; undefined = it would change nothing, so nobody is asked. */
  plan?(input: z.output<Input>, context: ToolContext, signal: AbortSignal): Promise<Plan | undefined>;
  run(input: z.output<Input>, context: ToolContext, signal: AbortSignal): Promise<z.output<Output>>;
  /** `wide`: for a person at a terminal, or where `detail` was asked for. */
  text(output: z.output<Output>, wide: boolean): string;
  /** Whether what was asked for did not come about, although the call worked: a command then exits with 1. */
  unmet?(output: z.output<Output>, input: z.output<Input>): boolean;
}
