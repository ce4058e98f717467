import { setTimeout as sleep } from 'node:timers/promises';
import { type Pty, startInTerminal } from '../../test/support/pty.ts';
import { type CannedApi, startCannedApi } from '../api/process.ts';
import { cpuOf } from '../cpu.ts';
import type { Figures } from '../measure.ts';
import { memoryOf } from '../memory.ts';
import type { Command } from '../peers.ts';
import { type Row, timed } from './row.ts';

/** The dashboard over ten thousand deployments, in a pseudo-terminal whose screen is read. */
export const tui: Row = {
  name: 'tui',
  alone: true,
  how: 'The bundled dashboard in a pseudo-terminal of 120×44 that an emulator shows, over canned replies with 10,000 deployments, half of them on each runtime, and all that belongs to them: 80,000 objects (20,000 pods, 25,000 Services, 20,000 component objects and Kubernetes Deployments, 5,000 RayClusters), copies of what the simulated operators made of one deployment of each, so that they differ in names alone. From the start of the process, the write of a key or the send of a watch event until the emulator shows it.',
  async run(bench) {
    const deployments = bench.quick ? 1_000 : 10_000;
    await using api = await startCannedApi(deployments);
    const command = bench.dashboard(api.kubeconfig);
    // The first one of all waits for the replies to be prepared, and leaves the compiled code that later ones find.
    const first = open(command);
    await first.sees(countOf(deployments));
    await close(first);
    const starts: number[] = [];
    for (let run = 0; run < (bench.quick ? 2 : 10); run += 1) starts.push(await firstFrame(command));
    const rounds: Round[] = [];
    for (let run = 0; run < (bench.quick ? 1 : 3); run += 1) rounds.push(await play(command, api, deployments));
    const size = deployments.toLocaleString('en-US');
    const figures = (what: string, unit: Figures['unit'], of: (round: Round) => number, most?: number): Figures => ({
      what: `Dashboard, ${size} deployments: ${what}`,
      unit,
      ours: rounds.map(of),
      peers: {},
      targets: most === undefined ? [] : [{ most }],
    });
    return [
      { what: 'Dashboard: first frame', unit: 'ms', ours: starts, peers: {}, targets: [{ most: 300 }] },
      figures('all are there', 'ms', ({ ready }) => ready),
      figures('key to screen, p95', 'ms', ({ key }) => key, 50),
      figures('watch event to screen, p95', 'ms', ({ event }) => event, 150),
      figures('processor at rest, watching', '%', ({ cpu }) => cpu, 3),
      figures('memory at rest', 'MB', ({ memory }) => memory, 200),
      figures('bytes written while nothing that is seen changes', '', ({ bytes }) => bytes, 0),
    ];
  },
};

/** Milliseconds, MB, percent of a core. */
interface Round {
  readonly ready: number;
  readonly key: number;
  readonly event: number;
  readonly cpu: number;
  readonly memory: number;
  readonly bytes: number;
}

/** Milliseconds for the slowest: the first time, when the replies are still being prepared. */
const patience = 180_000;
const times = 60;
const watchedMilliseconds = 10_000;
/** V8 collects what the work left after eight seconds at rest, in several goes. */
const restMilliseconds = 20_000;

async function play(command: Command, api: CannedApi, deployments: number): Promise<Round> {
  const pty = open(command);
  try {
    const ready = await timed(() => pty.sees(countOf(deployments)));
    await pty.sees(/ live *$/m);
    const keys = [];
    for (let at = 2; at < 2 + times; at += 1) {
      keys.push(await timed(() => act(pty, () => pty.write('j'), `row ${at}/${deployments}`)));
    }
    const events = [];
    for (let run = 0; run < times / 2; run += 1) {
      for (const [type, count] of [
        ['DELETED', deployments - 1],
        ['ADDED', deployments],
      ] as const) {
        events.push(await timed(() => act(pty, () => api.tell(type, 'graph-00010'), countOf(count))));
      }
    }
    // What was shown a moment ago, such as messages, goes by itself.
    await sleep(restMilliseconds);
    const before = pty.written().length;
    const cpu = await cpuOf(pty.pid, watchedMilliseconds);
    const { own } = await memoryOf(pty.pid);
    api.tell('MODIFIED', `graph-${String(deployments / 2 - 1).padStart(5, '0')}`);
    await sleep(1_000);
    const bytes = pty.written().length - before;
    return { ready, key: p95(keys), event: p95(events), cpu, memory: own.resident, bytes };
  } finally {
    await close(pty);
  }
}

async function firstFrame(command: Command): Promise<number> {
  const began = performance.now();
  const pty = open(command);
  await pty.sees('KubeFoundry');
  const milliseconds = performance.now() - began;
  await close(pty);
  return milliseconds;
}

function open({ command, args, env }: Command): Pty {
  return startInTerminal([command, ...args], { columns: 120, rows: 44, env, patience });
}

async function close(pty: Pty): Promise<void> {
  pty.signal('SIGTERM');
  await pty.ended;
}

async function act(pty: Pty, doing: () => void, sees: string | RegExp): Promise<void> {
  const seen = pty.sees(sees);
  doing();
  await seen;
}

const countOf = (deployments: number): RegExp => new RegExp(`Deployments\\] +${deployments.toLocaleString('en-US')} `);

/** The 95th percentile. */
const p95 = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.ceil(figures.length * 0.95) - 1] ?? Number.NaN;
