import { type Answer, connectAssistant } from './client.ts';
import { createNarrator } from './narrator.ts';

/** What a story does: it calls tools, and every call and answer is told. */
export interface Story {
  chapter(title: string): void;
  call(tool: string, input: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** A step that must work, or must be refused, for the story to go on. */
  expect(outcome: 'works' | 'is refused', tool: string, input: Readonly<Record<string, unknown>>): Promise<Answer>;
}

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
  try {
    await story({
      chapter: narrator.chapter,
      call,
      async expect(outcome, tool, input) {
        const answer = await call(tool, input);
        if (answer.refused !== (outcome === 'is refused')) {
          throw new Error(`${tool} should have ${outcome}: ${answer.text}`);
        }
        return answer;
      },
    });
    narrator.end();
  } finally {
    await assistant.close();
  }
}
