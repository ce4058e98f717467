import { stringify } from 'yaml';
import type { OutputFormat } from './options.ts';

/** What goes to stdout: the text, or the data in the format asked for. Only that is worked out. */
export function render(
  answer: { readonly data: () => Record<string, unknown>; readonly text: () => string },
  format: OutputFormat,
): string {
  switch (format) {
    case 'text':
      return answer.text();
    case 'json':
      return JSON.stringify(answer.data(), null, 2);
    case 'yaml':
      return stringify(answer.data()).trimEnd();
  }
}
