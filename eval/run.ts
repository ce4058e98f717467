import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import type { Answer } from '../demo/client.ts';
import { connectAssistant } from './assistant.ts';
import { misses } from './check.ts';
import { callOf } from './references.ts';
import type { Task } from './task.ts';
import type { World } from './world.ts';

/** What one run of a task came to. */
export interface Result {
  readonly calls: number;
  /** o200k, of the text of all answers. */
  readonly tokens: number;
  /** How often the human was asked. */
  readonly questions: number;
  /** What is not as the task wants it; empty = done. */
  readonly misses: readonly string[];
  /** What each call answered. */
  readonly answers: readonly string[];
}

/** A tool that is not there, or an answer that never came: the check tells what that came to. */
const brokenOff = (error: unknown): Answer => ({ text: String(error), data: undefined, refused: true });

/**
 * Makes the golden calls of a task, but for the one at `leftOut`, and checks what became of it. A call that refers to
 * an answer that nobody gave cannot be made.
 */
export async function runTask(task: Task, world: World, leftOut?: number): Promise<Result> {
  const assistant = await connectAssistant(world.foundry, task);
  try {
    const answers = new Map<string, Answer>();
    const given: Answer[] = [];
    for (const [index, golden] of task.calls.entries()) {
      const call = index === leftOut ? undefined : callOf(golden, answers);
      if (call === undefined) continue;
      const answer = await assistant.call(call).catch(brokenOff);
      given.push(answer);
      if (golden.as !== undefined) answers.set(golden.as, answer);
    }
    await world.settled();
    const { questions } = assistant;
    const { cluster } = world;
    return {
      calls: given.length,
      tokens: given.reduce((sum, { text }) => sum + countTokens(text), 0),
      questions: questions.length,
      misses: await misses(task.check, { cluster, last: given.at(-1), questions }),
      answers: given.map(({ text }) => text),
    };
  } finally {
    await assistant.close();
  }
}
