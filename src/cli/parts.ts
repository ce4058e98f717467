import type { Foundry } from '../foundry/foundry.ts';
import type { GlobalOptions, SandboxOptions } from './options.ts';
import type { ThemeChoice } from './tui.ts';

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
  /** Runs the dashboard until the user leaves it. Returns the exit code. */
  openDashboard(options: GlobalOptions, dashboard: { readonly theme?: ThemeChoice }): Promise<number>;
  startSandbox(options: SandboxOptions): Promise<Sandbox>;
}
