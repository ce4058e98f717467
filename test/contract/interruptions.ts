import { expect, vi } from 'vitest';
import { FoundryError } from '../../src/errors.ts';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import type { ScenarioName } from '../../src/sandbox/scenarios/scenario.ts';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { type Moment, startApiProxy } from '../support/api-proxy.ts';
import { type Ended, run, start } from '../support/program.ts';
import { connectAssistant } from './assistant.ts';
import { model, primaries, soon } from './fixtures.ts';
import { sandboxWorld } from './sandbox-world.ts';
import type { World } from './world.ts';

/** One call of the program that is broken off wherever it can be. */
export interface Operation {
  readonly scenario: ScenarioName;
  readonly command: readonly string[];
  /** What the program needs of its environment besides the kubeconfig. */
  environment?(): Readonly<Record<string, string>>;
  /** Brings the cluster to where the call begins. */
  prepare?(world: World): Promise<void>;
  /** Another call tells what is really there; asked again while operators still act on what was done. */
  isTold(world: World): Promise<void>;
  /** The call got to its end: what it said, what there was before it, and what there is now. */
  isDone(world: World, ended: Ended, before: readonly string[]): Promise<void>;
}

export const namespace = 'models';

/** The deployments; none where their CRD is gone, which discovery may not have told yet. */
async function deploymentsIn({ admin }: World): Promise<readonly KubernetesObject[]> {
  try {
    return await admin.list(primaries.kuberay);
  } catch (error) {
    if (error instanceof FoundryError && error.details.served === false) return [];
    throw error;
  }
}

const uidsIn = async (world: World): Promise<readonly string[]> =>
  (await deploymentsIn(world)).map(({ metadata }) => metadata.uid ?? '');

/** `list` names the deployments that are there, and no other. */
export async function listIsTrue(world: World): Promise<void> {
  const assistant = await connectAssistant(world);
  const { deployments } = await assistant.call(listDeployments, { runtime: 'kuberay' });
  expect(deployments.map(({ name, namespace }) => ({ name, namespace }))).toEqual(
    (await deploymentsIn(world)).map(({ metadata: { name, namespace } }) => ({ name, namespace })),
  );
}

const spec = ['chat', '--model', model, '--runtime', 'kuberay', '--namespace', namespace];

export const deploying: Operation = {
  scenario: 'kuberay',
  command: ['deploy', ...spec, '-o', 'json'],
  isTold: listIsTrue,
  async isDone(world, { code, stdout, stderr }, before) {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ change: before.length === 0 ? 'created' : 'unchanged' });
    const [deployment, ...others] = await uidsIn(world);
    expect(others).toEqual([]);
    expect([deployment]).toEqual(before.length === 0 ? [expect.any(String)] : before);
  },
};

export const deleting: Operation = {
  scenario: 'kuberay',
  command: ['delete', 'chat', '--namespace', namespace, '--yes', '-o', 'json'],
  async prepare(world) {
    const assistant = await connectAssistant(world);
    const made = await assistant.send('deploy_model', { name: 'chat', model, runtime: 'kuberay', namespace });
    expect(made.code).toBeUndefined();
  },
  isTold: listIsTrue,
  async isDone(world, { code, stdout, stderr }, before) {
    if (before.length === 0) expect(stderr).toMatch(/^NOT_FOUND: There is no deployment chat/);
    else expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    if (before.length > 0) expect(JSON.parse(stdout).gone).toContain('RayService chat');
    const left = async () => {
      const kinds = [primaries.kuberay, { group: 'ray.io', kind: 'RayCluster' }, { group: '', kind: 'Pod' }];
      return (await Promise.all(kinds.map((kind) => world.admin.list(kind, { namespace })))).flat();
    };
    await expect.poll(left, soon).toEqual([]);
  },
};

/**
 * Kills the program at one of its writes, with nothing that it started getting any further, and makes the same call
 * again. False when there are not so many writes.
 */
export async function killedAt(operation: Operation, write: number, moment: Moment): Promise<boolean> {
  return interrupted(operation, async (world, environment) => {
    const proxy = await startApiProxy(world.kubeconfig);
    try {
      const reached = proxy.cut({ write, moment, how: 'freeze' });
      const { process: program, ended } = start(operation.command, {
        env: { ...environment, KUBECONFIG: proxy.kubeconfig },
      });
      program.stdin?.end();
      const isThere = await Promise.race([reached, ended.then(() => false)]);
      program.kill('SIGKILL');
      await ended;
      if (!isThere) return false;
    } finally {
      await proxy.stop();
    }
    await vi.waitFor(() => operation.isTold(world), soon);
    const before = await uidsIn(world);
    await operation.isDone(world, await run(operation.command, { env: environment }), before);
    return true;
  });
}

/** Breaks the connection under one write while the program lives on; what it then says must be so. */
export async function resetAt(operation: Operation, write: number, moment: Moment): Promise<boolean> {
  return interrupted(operation, async (world, environment) => {
    const proxy = await startApiProxy(world.kubeconfig);
    let before = await uidsIn(world);
    let ended: Ended;
    const reached = proxy.cut({ write, moment, how: 'reset' });
    try {
      ended = await run(operation.command, { env: { ...environment, KUBECONFIG: proxy.kubeconfig } });
    } finally {
      await proxy.stop();
    }
    if (ended.code !== 0) {
      expect(ended.stderr).toMatch(/^(?:CLUSTER_UNREACHABLE|HELM_FAILED): /);
      await vi.waitFor(() => operation.isTold(world), soon);
      before = await uidsIn(world);
      ended = await run(operation.command, { env: environment });
    }
    await operation.isDone(world, ended, before);
    return Promise.race([reached, false]);
  });
}

async function interrupted<Result>(
  operation: Operation,
  work: (world: World, environment: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  const world = await sandboxWorld(operation.scenario);
  try {
    await operation.prepare?.(world);
    return await work(world, { ...operation.environment?.(), KUBECONFIG: world.kubeconfig });
  } finally {
    await world.stop();
  }
}

/**
 * Tries one write after the other, some at the same time, until there is none left: steps that come later are tried as
 * well. Returns how many writes there are.
 */
export async function atEveryWrite(
  attempt: (write: number) => Promise<boolean>,
  { atOnce }: { readonly atOnce: number },
): Promise<number> {
  let next = 1;
  let writes = 0;
  let over = false;
  const attemptAt = (write: number) =>
    attempt(write).catch((cause: unknown) => {
      throw new Error(`at write ${write}`, { cause });
    });
  const tries = async () => {
    while (!over) {
      const write = next++;
      if (await attemptAt(write)) writes = Math.max(writes, write);
      else over = true;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, tries));
  return writes;
}
