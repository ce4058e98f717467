import { stringify } from 'yaml';
import type { OutputFormat } from './options.ts';

/** What goes to stdout: the text, or the data in the format asked for. */
export function render(data: Record<string, unknown>, text: string, format: OutputFormat): string {
  switch (format) {
    case 'text':
      return text;
    case 'json':
      return JSON.stringify(data, null, 2);
    case 'yaml':
      return stringify(data).trimEnd();
  }
}
