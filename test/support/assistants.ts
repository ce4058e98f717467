import type { Client as NewClient } from '@modelcontextprotocol/client';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { connect, connectNew } from './mcp-clients.ts';
import { startWorld } from './program-world.ts';

/** A simulated cluster with both runtimes, and an assistant of each protocol revision on a server of its own. */
export interface Assistants {
  readonly world: Awaited<ReturnType<typeof startWorld>>;
  /** Of 2025-11-25. */
  readonly old: Client;
  /** Of 2026-07-28. */
  readonly modern: NewClient;
  /** Deploys a small model and waits until it runs or has failed. */
  deploy(name: string, runtime: string, namespace: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startAssistants(): Promise<Assistants> {
  const world = await startWorld({ scenario: 'both', speed: 100 });
  const flags = ['--kubeconfig', world.kubeconfig];
  const [old, modern] = await Promise.all([connect(flags), connectNew(flags)]);
  return {
    world,
    old,
    modern,
    async deploy(name, runtime, namespace) {
      const wanted = { name, runtime, namespace, model: 'Qwen/Qwen3-0.6B', wait: true };
      const result = await old.callTool({ name: 'deploy_model', arguments: wanted });
      if (result.isError === true) throw new Error(JSON.stringify(result));
    },
    async stop() {
      await Promise.all([old.close(), modern.close()]);
      await world.stop();
    },
  };
}
