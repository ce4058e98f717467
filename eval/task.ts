import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import * as z from 'zod';
import { failureKinds } from '../src/sandbox/failures.ts';
import { deployModel } from '../src/tools/deploy-model.ts';

const reference = z
  .strictObject({
    from: z.string().describe('a call before, by its `as`'),
    at: z.string().optional().describe('path in its structured answer; default: its text'),
    match: z.string().optional().describe('regular expression; its first group counts'),
  })
  .describe('a value of an earlier answer');
export type Reference = z.output<typeof reference>;

const call = z
  .strictObject({
    as: z.string().optional(),
    tool: z.string(),
    input: z.record(z.string(), z.unknown()).default({}).describe('values may be references'),
  })
  .or(
    z.strictObject({
      as: z.string().optional(),
      follow: reference.describe('the call that an earlier answer names'),
      with: z.record(z.string(), z.unknown()).default({}).describe('more arguments'),
    }),
  );
export type GoldenCall = z.output<typeof call>;

const kind = z.enum(failureKinds);
const mishap = z.strictObject({ match: z.string(), kind, pods: z.int().optional() });

const foreign = z.strictObject({
  runtime: z.enum(['dynamo', 'kuberay']),
  namespace: z.string(),
  name: z.string(),
  model: z.string(),
  replicas: z.int().optional(),
  gpus: z.int().optional(),
});

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

const setup = z.strictObject({
  scenario: z.enum(['empty', 'dynamo', 'kuberay', 'both', 'busy', 'legacy']).default('both'),
  mishaps: z.array(mishap).default([]).describe('from the beginning'),
  objects: z.array(object).default([]).describe('Kubernetes objects'),
  deployed: z.array(deployModel.input).default([]).describe('what KubeFoundry deployed before'),
  foreign: z.array(foreign).default([]).describe('what others deployed'),
  later: z.array(mishap).default([]).describe('once all of that has settled'),
  protected: z.boolean().default(false).describe('whether every write asks the human'),
  confirmByName: z.boolean().default(false).describe('mcp --confirm=name'),
});
export type Setup = z.output<typeof setup>;

const state = z.strictObject({
  object: z.string().describe('<kind>.<group> or <kind>, then [<namespace>/]<name>'),
  is: z.record(z.string(), z.unknown()).optional().describe('values by path'),
  absent: z.literal(true).optional(),
});
export type State = z.output<typeof state>;

const pattern = z.string().refine((text) => RegExp(text) !== undefined);

const check = z.strictObject({
  state: z.array(state).default([]).describe('of the cluster, once it has settled'),
  answer: z.array(pattern).default([]).describe('what the last answer says; each a regular expression'),
  asked: z.array(pattern).default([]).describe('what the human was asked'),
});
export type Check = z.output<typeof check>;

const task = z.strictObject({
  task: z.string().describe("in a user's words"),
  setup: setup.prefault({}),
  human: z.enum(['agrees', 'declines', 'absent']).default('agrees').describe('absent: the client cannot ask'),
  calls: z.array(call).min(1),
  check,
});

/** One task: what a user wants, the cluster on which, the shortest calls that do it, and how to see that it is done. */
export type Task = z.output<typeof task> & { readonly name: string };

const folder = new URL('./tasks/', import.meta.url);

/** All tasks, by name. Throws on a file that is none, and names it. */
export async function readTasks(): Promise<readonly Task[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort();
  return Promise.all(files.map(readTask));
}

async function readTask(file: string): Promise<Task> {
  const parsed = task.safeParse(parse(await readFile(new URL(file, folder), 'utf8')));
  if (!parsed.success) throw new Error(`eval/tasks/${file}: ${z.prettifyError(parsed.error)}`);
  return { name: file.replace('.yaml', ''), ...parsed.data };
}
