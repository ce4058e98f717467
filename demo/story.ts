import * as z from 'zod';
import { type Answer, connectAssistant } from './client.ts';
import { createNarrator } from './narrator.ts';

/** What a story does: it calls tools, and every call and answer is told. */
export interface Story {
  chapter(title: string): void;
  call(tool: string, input: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** A step that must work, or must be refused, for the story to go on. */
  expect(outcome: 'works' | 'is refused', tool: string, input: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** A call after which the deployment runs. */
  running(tool: string, input: Readonly<Record<string, unknown>>): Promise<void>;
}

const deployed = z.object({ deployment: z.object({ name: z.string(), phase: z.string() }) });

/** Starts the program on a sandbox, plays the story to its end and stops it. */
export async function play(program: readonly string[], story: (story: Story) => Promise<void>): Promise<void> {
  const narrator = createNarrator();
  const assistant = await connectAssistant({ program, onQuestion: narrator.question, onProgress: narrator.progress });
  const call: Story['call'] = async (tool, input) => {
    narrator.call(tool, input);
    const answer = await assistant.call(tool, input);
    narrator.answer(answer);
    return answer;
  };
  const expect: Story['expect'] = async (outcome, tool, input) => {
    const answer = await call(tool, input);
    if (answer.refused !== (outcome === 'is refused'))
      throw new Error(`${tool} should have ${outcome}: ${answer.text}`);
    return answer;
  };
  const running: Story['running'] = async (tool, input) => {
    const { deployment } = deployed.parse((await expect('works', tool, input)).data);
    if (deployment.phase !== 'Running') throw new Error(`${deployment.name} is ${deployment.phase} after ${tool}.`);
  };
  try {
    await story({ chapter: narrator.chapter, call, expect, running });
    narrator.end();
  } finally {
    await assistant.close();
  }
}
