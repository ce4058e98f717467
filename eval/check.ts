import type { Answer } from '../demo/client.ts';
import type { Cluster } from '../src/cluster/cluster.ts';
import { FoundryError } from '../src/errors.ts';
import { difference } from './path.ts';
import type { Check, State } from './task.ts';

/** What a run left behind. */
export interface Outcome {
  readonly cluster: Pick<Cluster, 'get'>;
  readonly last: Answer | undefined;
  /** What the human was asked. */
  readonly questions: readonly string[];
}

/** What is not as the task wants it, in sentences; empty where it is done. */
export async function misses({ state, answer, asked }: Check, outcome: Outcome): Promise<readonly string[]> {
  const text = outcome.last?.text ?? '';
  const questions = outcome.questions.join('\n');
  const objects = await Promise.all(state.map((wanted) => missesOf(wanted, outcome.cluster)));
  return [
    ...objects.flat(),
    ...answer.filter((pattern) => !RegExp(pattern).test(text)).map((pattern) => `the last answer lacks /${pattern}/`),
    ...asked.filter((pattern) => !RegExp(pattern).test(questions)).map((pattern) => `nobody was asked /${pattern}/`),
  ];
}

/** A kind of a runtime that is not installed: there is no such object. */
function whereNotServed(error: unknown): undefined {
  if (!(error instanceof FoundryError && error.code === 'NOT_FOUND')) throw error;
}

async function missesOf({ object, is = {}, absent }: State, cluster: Outcome['cluster']): Promise<readonly string[]> {
  const [what = '', where = ''] = object.split(' ');
  const [kind = '', ...group] = what.split('.');
  const [name = '', namespace] = where.split('/').reverse();
  const found = await cluster.get({ kind, group: group.join('.') }, { name, namespace }).catch(whereNotServed);
  if (absent) return found === undefined ? [] : [`${object} is still there`];
  if (found === undefined) return [`there is no ${object}`];
  return Object.entries(is).flatMap(([path, wanted]) => {
    const wrong = difference(found, path, wanted);
    return wrong === undefined ? [] : [`${object}: ${wrong}`];
  });
}
