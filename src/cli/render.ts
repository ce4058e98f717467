import type { OutputFormat } from './options.ts';

/** What goes to stdout: the text, or the data in the format asked for. */
export async function render(data: Record<string, unknown>, text: string, format: OutputFormat): Promise<string> {
  switch (format) {
    case 'text':
      return text;
    case 'json':
      return JSON.stringify(data, null, 2);
    case 'yaml':
      return (await import('yaml')).stringify(data).trimEnd();
  }
}
