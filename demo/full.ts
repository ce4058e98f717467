import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Answer } from './client.ts';
import { namedCall } from './named-call.ts';
import { random } from './names.ts';
import { play, type Story } from './story.ts';

/** What the story takes from answers to make its next calls. */
const runtimes = z.object({ runtimes: z.array(z.object({ id: z.string(), state: z.string() })) });
const capacity = z.object({ nodes: z.array(z.object({ free: z.int() })) });
const fits = z.object({ gpus: z.int(), now: z.boolean().nullable() }).nullable();
const models = z.object({
  models: z.array(z.object({ id: z.string(), parameters: z.number().nullable(), gated: z.boolean().nullable(), fits })),
});
const diagnosis = z.object({ findings: z.array(z.object({ code: z.string(), fix: z.string() })) });

const read = <Shape extends z.ZodType>(shape: Shape, { data }: Answer): z.output<Shape> => shape.parse(data);

/**
 * The life of deployments: from "what can I run here?" to a measured answer, then three that do not start, each cured
 * by the very call that its diagnosis gives. Nothing but what earlier answers said decides what is called.
 *
 * @param failure what goes wrong with the first of the three; one of those that a deployment can be cured of
 */
export function full(speed: string, failure: string): Promise<void> {
  const names = { coder: random('coder'), engine: random('engine'), typo: random('typo') };
  const others = { team: random('team'), large: random('large') };
  const program = ['mcp', '--sandbox=both', '--speed', speed, '--fail', `${names.engine}=${failure}`];

  return play(program, async (story) => {
    const { chapter, expect, running } = story;
    chapter('"What can I run here?"');
    const found = read(runtimes, await expect('works', 'get_runtimes_status', {}));
    const [first, second] = found.runtimes.filter(({ state }) => state === 'ready').map(({ id }) => id);
    const { nodes } = read(capacity, await expect('works', 'get_cluster_capacity', {}));
    await expect('works', 'find_models', { limit: 5 });

    chapter('"Serve a coding model on what we have"');
    const wanted = read(models, await expect('works', 'find_models', { query: 'coder' })).models;
    const model = wanted.filter(({ fits: room, gated }) => room?.now === true && gated === false).reduce(larger);
    const asked = { model: model.id, gpus: model.fits?.gpus };
    await expect('works', 'plan_deployment', { name: names.coder, runtime: first, ...asked });
    await running('deploy_model', { name: names.coder, runtime: first, ...asked, wait: true });

    chapter('"Does it answer, and how fast?"');
    await proven(story, names.coder);
    await expect('works', 'get_deployment_metrics', { name: names.coder });

    chapter('The first that does not start: its engine ends with an error');
    await expect('works', 'deploy_model', { name: names.engine, runtime: first, ...asked, wait: true });
    await cured(story, names.engine);

    chapter('The second: somebody mistyped a tag');
    const image = 'rayproject/ray-llm:does-not-exist';
    await expect('works', 'deploy_model', { name: names.typo, runtime: second, ...asked, image, wait: true });
    await cured(story, names.typo);

    chapter('The third: another team took half of what it asks for');
    const largest = Math.max(...nodes.map(({ free }) => free));
    const half = { gpus: largest / 2, replicas: nodes.filter(({ free }) => free >= largest / 2).length };
    for (const name of [names.coder, names.engine, names.typo]) await expect('works', 'delete_deployment', { name });
    await running('deploy_model', { name: others.team, runtime: second, ...asked, ...half, wait: true });
    await expect('works', 'deploy_model', { name: others.large, runtime: first, ...asked, gpus: largest });
    await cured(story, others.large);

    chapter('What there is now');
    await expect('works', 'list_deployments', {});
  });
}

type Model = z.output<typeof models>['models'][number];
const larger = (one: Model, other: Model): Model => ((other.parameters ?? 0) > (one.parameters ?? 0) ? other : one);

async function proven({ expect }: Story, name: string): Promise<void> {
  const { served } = read(z.object({ served: z.boolean() }), await expect('works', 'query_deployment', { name }));
  if (!served) throw new Error(`${name} does not answer.`);
}

/** Diagnoses it, makes the call that the first finding gives as its fix, and asks the model to see that it helped. */
async function cured(story: Story, name: string): Promise<void> {
  const { fix } = await firstFinding(story, name);
  const call = namedCall(fix);
  if (call === undefined) throw new Error(`The fix for ${name} is no tool call: ${fix}`);
  await story.running(call.tool, { ...call.input, wait: true });
  await proven(story, name);
}

/** Operators and schedulers need a moment before there is anything to find. */
async function firstFinding({ call }: Story, name: string, tries = 20) {
  for (let left = tries; left > 0; left -= 1) {
    const answer = await call('diagnose_deployment', { name });
    const [finding] = read(diagnosis, answer).findings;
    if (finding !== undefined) return finding;
    await sleep(500);
  }
  throw new Error(`Nothing was found about ${name}.`);
}
