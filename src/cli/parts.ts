import type { Foundry } from '../foundry/foundry.ts';
import type { GlobalOptions, SandboxOptions } from './options.ts';

/** A foundry over a cluster or over a sandbox, and what ends both. */
export interface Workshop {
  readonly foundry: Foundry;
  close(): Promise<void>;
}

export interface Sandbox {
  readonly server: string;
  /** Kubeconfig as YAML text. */
  readonly kubeconfig: string;
  close(): Promise<void>;
}

/** What the program puts together for the commands; only `main` knows all parts. */
export interface Parts {
  readonly version: string;
  /** Opens nothing yet: the cluster is reached by the first tool that needs it. */
  assemble(options: GlobalOptions): Promise<Workshop>;
  serveMcp(options: GlobalOptions, mcp: { readonly confirmByName: boolean }): Promise<void>;
  startSandbox(options: SandboxOptions): Promise<Sandbox>;
}
