import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { numberAt } from '../../src/kubernetes.ts';
import { getRuntimesStatus } from '../../src/tools/get-runtimes-status.ts';
import { type ChartRepository, startChartRepository } from '../cluster/chart-repository.ts';
import { connectAssistant } from '../contract/assistant.ts';
import { model, primaries } from '../contract/fixtures.ts';
import {
  atEveryWrite,
  deleting,
  deploying,
  killedAt,
  listIsTrue,
  namespace,
  type Operation,
  resetAt,
} from '../contract/interruptions.ts';
import type { World } from '../contract/world.ts';
import type { Moment } from '../support/api-proxy.ts';
import { kubernetesBinaries } from '../support/kubernetes-binaries.ts';
import { run } from '../support/program.ts';

// After a kill the next call waits 15 s for a sign of life of the one that is dead; many wait at the same time.
vi.setConfig({ testTimeout: 600_000 });

const { helm } = await kubernetesBinaries();
let charts: ChartRepository;
let folder: string;
beforeAll(async () => {
  charts = await startChartRepository(helm, [
    { runtime: 'kuberay', version: '1.6.2' },
    { runtime: 'kuberay', version: '1.7.0' },
  ]);
  // Programs that are killed leave things behind: in this folder.
  folder = await mkdtemp(join(tmpdir(), 'interruptions-'));
});
afterAll(async () => {
  await charts.stop();
  await rm(folder, { recursive: true });
});

/** The environment in which the program, and whoever prepares for it, finds helm and the charts. */
const surroundings = () => ({
  PATH: `${dirname(helm)}:${process.env.PATH}`,
  TMPDIR: folder,
  KUBEFOUNDRY_CHART_REPOSITORY: charts.url,
});

const kinds = {
  crd: { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' },
  lease: { group: 'coordination.k8s.io', kind: 'Lease' },
  namespace: { group: '', kind: 'Namespace' },
  operator: { group: 'apps', kind: 'Deployment' },
  release: { group: '', kind: 'Secret' },
};

const names = async ({ admin }: World, kind: keyof typeof kinds) =>
  (await admin.list(kinds[kind])).map(({ metadata }) => metadata.name);

/** The status of each revision that helm keeps, the newest first. */
const revisions = async ({ admin }: World) =>
  (await admin.list(kinds.release, { labelSelector: 'owner=helm' }))
    .map(({ metadata }) => ({ revision: Number(metadata.labels?.version), status: metadata.labels?.status }))
    .sort((one, other) => other.revision - one.revision)
    .map(({ status }) => status);

/** `runtimes` and `list` tell of the CRDs, the operator and the deployments what is there. */
async function runtimesAreTrue(world: World): Promise<void> {
  const assistant = await connectAssistant(world);
  const { runtimes } = await assistant.call(getRuntimesStatus, { runtime: 'kuberay' });
  const crds = (await names(world, 'crd')).filter((name) => name.endsWith('.ray.io'));
  const operators = await world.admin.list(kinds.operator);
  const isUp = operators.some((operator) => (numberAt(operator, 'status', 'availableReplicas') ?? 0) > 0);
  const isWhole = operators.length > 0 && crds.includes('rayservices.ray.io');
  const rest = operators.length + crds.length > 0 ? 'partial' : 'not_installed';
  expect(runtimes).toMatchObject([{ state: isWhole ? (isUp ? 'ready' : 'unhealthy') : rest }]);
  await listIsTrue(world);
}

/** Who finds nothing to do takes no Lease: one whose holder is dead then stays for the next who takes it over. */
async function holdIsGone(world: World, stdout: string): Promise<void> {
  const { outcome } = z.object({ outcome: z.string() }).parse(JSON.parse(stdout));
  if (outcome === 'done') expect(await names(world, 'lease')).toEqual([]);
}

async function install({ kubeconfig }: World, version: string): Promise<void> {
  const { code, stderr } = await run(['install', 'kuberay', '--version', version, '--yes', '-o', 'json'], {
    env: { ...surroundings(), KUBECONFIG: kubeconfig },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

async function deploy(world: World, name: string): Promise<void> {
  const assistant = await connectAssistant(world);
  const spec = { name, model, runtime: 'kuberay', namespace };
  expect((await assistant.send('deploy_model', spec)).code).toBeUndefined();
}

const installed =
  (version: string): Operation['isDone'] =>
  async (world, { code, stdout, stderr }) => {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: expect.stringMatching(/^(?:done|nothing to do)$/),
      status: { state: 'ready', version },
    });
    expect(await names(world, 'operator')).toEqual(['kuberay-operator']);
    expect((await revisions(world))[0]).toBe('deployed');
    expect((await revisions(world)).filter((status) => status === 'deployed')).toHaveLength(1);
    await holdIsGone(world, stdout);
    await runtimesAreTrue(world);
  };

const operations: Readonly<Record<string, Operation>> = {
  deploy_model: deploying,
  delete_deployment: deleting,
  'install_runtime, new,': {
    scenario: 'empty',
    command: ['install', 'kuberay', '--version', '1.7.0', '--yes', '-o', 'json'],
    environment: surroundings,
    isTold: runtimesAreTrue,
    isDone: installed('1.7.0'),
  },
  'install_runtime, an upgrade,': {
    scenario: 'empty',
    command: ['install', 'kuberay', '--version', '1.7.0', '--yes', '-o', 'json'],
    environment: surroundings,
    async prepare(world) {
      await install(world, '1.6.2');
      await deploy(world, 'chat');
    },
    isTold: runtimesAreTrue,
    async isDone(world, ended, before) {
      await installed('1.7.0')(world, ended, before);
      expect((await world.admin.list(primaries.kuberay)).map(({ metadata }) => metadata.uid)).toEqual(before);
    },
  },
  uninstall_runtime: {
    scenario: 'empty',
    command: ['uninstall', 'kuberay', '--delete-crds', '--yes', '-o', 'json'],
    environment: surroundings,
    async prepare(world) {
      await install(world, '1.7.0');
      await deploy(world, 'chat');
      await deploy(world, 'code');
    },
    isTold: runtimesAreTrue,
    async isDone(world, { code, stdout, stderr }) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({
        outcome: expect.stringMatching(/^(?:done|nothing to do)$/),
        status: { state: 'not_installed', deployments: 0 },
      });
      expect(await names(world, 'operator')).toEqual([]);
      expect(await revisions(world)).toEqual([]);
      await holdIsGone(world, stdout);
      expect(await names(world, 'namespace')).toEqual(expect.arrayContaining(['kuberay-system', namespace]));
      await runtimesAreTrue(world);
    },
  },
};

/**
 * Killed before a write is sent, or after its answer, the cluster holds what it holds after the write before it was
 * carried out. Both are tried where it costs little: after a kill the others wait 15 s each.
 */
const everyMoment: readonly Moment[] = ['unsent', 'unanswered', 'answered'];
const momentsOf = (name: string): readonly Moment[] => (/runtime/.test(name) ? ['unanswered'] : everyMoment);

describe.each(Object.entries(operations))('%s', (name, operation) => {
  test('killed at any write is finished by the same call', async () => {
    const killed = async (write: number) => {
      const reached: boolean[] = [];
      for (const moment of momentsOf(name)) reached.push(await killedAt(operation, write, moment));
      return reached.includes(true);
    };
    const writes = await atEveryWrite(killed, { atOnce: 4 });
    expect(writes).toBeGreaterThan(1);
  });

  test('whose connection breaks at any write ends with the truth, or goes on with the same call', async () => {
    const broken = (write: number) => resetAt(operation, write, 'unanswered');
    expect(await atEveryWrite(broken, { atOnce: 4 })).toBeGreaterThan(1);
  });
});
