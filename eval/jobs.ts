import { tools } from '../src/tools/registry.ts';
import { type Result, runTask } from './run.ts';
import type { Task } from './task.ts';
import { startWorld, type World } from './world.ts';

/** One run of a task; `leftOut`: without that golden call, after which its check has to fail. */
export interface Job {
  readonly task: Task;
  readonly leftOut?: number;
}

export interface Done extends Job {
  readonly result: Result;
}

/** As many simulated clusters as pay off: they wait for their clocks more than they work. */
const atOnce = 6;

export const jobsOf = (task: Task, leaveOneOut: boolean): readonly Job[] => [
  { task },
  ...(leaveOneOut ? task.calls.map((_, leftOut) => ({ task, leftOut })) : []),
];

/** Whether a run came out as it should. */
export const isRight = ({ leftOut, result }: Done): boolean => (result.misses.length === 0) === (leftOut === undefined);

/** Runs all jobs, several at once; those that only read share the cluster of the same setup. */
export async function runJobs(jobs: readonly Job[], tell: (done: Done) => void): Promise<readonly Done[]> {
  const groups = Object.values(Object.groupBy(jobs, (job) => sharedKey(job) ?? `${jobs.indexOf(job)}`));
  const waiting = groups.flatMap((group) => (group === undefined ? [] : [group])).toSorted(byCost);
  const done: Done[] = [];
  const worker = async () => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      for (const each of await runGroup(group)) {
        done.push(each);
        tell(each);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return done;
}

/** The longest first, so that none is left at the end. */
const byCost = (one: readonly Job[], other: readonly Job[]): number => other.length - one.length;

async function runGroup(jobs: readonly Job[]): Promise<readonly Done[]> {
  const [first] = jobs;
  if (first === undefined) return [];
  const world: World = await startWorld(first.task.setup);
  try {
    const done: Done[] = [];
    for (const job of jobs) done.push({ ...job, result: await runTask(job.task, world, job.leftOut) });
    return done;
  } finally {
    await world.stop();
  }
}

/** A question to a model is counted by it; all other reads leave no trace. */
const leavesNoTrace = (name: string): boolean =>
  name !== 'query_deployment' && tools.some((tool) => tool.name === name && tool.effect === 'read');

const sharedKey = ({ task: { setup, calls } }: Job): string | undefined =>
  calls.every((call) => 'tool' in call && leavesNoTrace(call.tool)) ? JSON.stringify(setup) : undefined;
