import { type Line, line, type Span, span } from '../text/line.ts';

const entry = /^(\s*(?:- )*)([^\s:#"'][^:#]*|"[^"]*"|'[^']*')(:)(\s.*|)$/;
const item = /^(\s*- )(.*)$/;

/** YAML with its keys, strings and comments told apart. */
export const yamlLines = (text: string): readonly Line[] => text.trimEnd().split('\n').map(yamlLine);

function yamlLine(row: string): Line {
  if (row.trimStart().startsWith('#')) return line(' ', span(row, 'dim'));
  const [, indent, key, colon, rest] = entry.exec(row) ?? [];
  if (key !== undefined) return line(' ', indent ?? '', span(key, 'accent'), colon ?? '', scalar(rest ?? ''));
  const [, dash, value] = item.exec(row) ?? [];
  return value === undefined ? line(' ', span(row, 'good')) : line(' ', dash ?? '', scalar(value));
}

const scalar = (text: string): Span => {
  const value = text.trim();
  if (/^(true|false|null|~|-?\d+(\.\d+)?)$/.test(value)) return span(text, 'warn');
  return /^[|>{[&*]/.test(value) ? span(text) : span(text, 'good');
};
