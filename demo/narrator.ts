import { styleText } from 'node:util';
import type { Answer } from './client.ts';

const indented = (text: string, mark: string) =>
  text
    .split('\n')
    .map((line) => `${mark}${line}`)
    .join('\n');

/** Prints the story: what is called, what comes back. Every line after an arrow is a tool's own answer. */
export function createNarrator() {
  const started = performance.now();
  let lastProgress = '';
  return {
    chapter(title: string) {
      console.log(`\n${styleText('bold', `## ${title}`)}`);
    },
    call(tool: string, input: Readonly<Record<string, unknown>>) {
      lastProgress = '';
      console.log(`\n${styleText('cyan', `→ ${tool}`)} ${JSON.stringify(input)}`);
    },
    question(message: string) {
      console.log(styleText('yellow', indented(message, '  ? ')));
      console.log(styleText('yellow', '  ? (the human agrees)'));
    },
    progress(message: string) {
      if (message === lastProgress) return;
      lastProgress = message;
      console.log(styleText('dim', `  … ${message}`));
    },
    answer({ text, refused }: Answer) {
      console.log(indented(text, refused ? styleText('red', '✗ ') : styleText('green', '← ')));
    },
    end() {
      console.log(`\nDone in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
    },
  };
}
