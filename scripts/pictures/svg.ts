import type { Terminal } from '@xterm/headless';
import { colourOf, type Palette } from './colours.ts';

type Cell = NonNullable<ReturnType<NonNullable<ReturnType<Terminal['buffer']['active']['getLine']>>['getCell']>>;

/** Pixels. The width of a letter is that of the DejaVu and Menlo fonts; others are stretched to it. */
const font = { size: 14, width: 8.43, height: 18, baseline: 13.5 } as const;
const margin = 12;

/** Cells beside each other that look the same. */
interface Run {
  readonly column: number;
  width: number;
  text: string;
  readonly look: Look;
}

interface Look {
  readonly colour: string;
  readonly ground: string;
  readonly bold: boolean;
  readonly underlined: boolean;
}

/** What stands on a terminal as a picture: rectangles and texts, nothing that needs a browser. */
export function svgOf(terminal: Terminal, palette: Palette, title: string): string {
  const { active } = terminal.buffer;
  const [width, height] = [terminal.cols * font.width + 2 * margin, terminal.rows * font.height + 2 * margin];
  const rows = Array.from({ length: terminal.rows }, (_, row) => {
    const line = active.getLine(active.viewportY + row);
    const cells = Array.from({ length: terminal.cols }, (_, column) => line?.getCell(column));
    return runsOf(cells, palette).flatMap((run) => elementsOf(run, row, palette));
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${height}" width="${round(width)}" height="${height}" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="${font.size}" xml:space="preserve">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="6" fill="${palette.ground}"/>`,
    ...rows.flat(),
    '</svg>',
    '',
  ].join('\n');
}

function runsOf(cells: readonly (Cell | undefined)[], palette: Palette): readonly Run[] {
  const runs: Run[] = [];
  for (const [column, cell] of cells.entries()) {
    // The second half of a wide letter.
    if (!cell || cell.getWidth() === 0) continue;
    const look = lookOf(cell, palette);
    const text = cell.getChars() || ' ';
    const last = runs.at(-1);
    if (last && sameLook(last.look, look)) {
      last.text += text;
      last.width += cell.getWidth();
    } else {
      runs.push({ column, width: cell.getWidth(), text, look });
    }
  }
  return runs;
}

function lookOf(cell: Cell, palette: Palette): Look {
  const colour = cell.isFgPalette() ? colourOf(cell.getFgColor(), palette) : palette.text;
  const ground = cell.isBgPalette() ? colourOf(cell.getBgColor(), palette) : palette.ground;
  const swapped = cell.isInverse() !== 0;
  return {
    colour: swapped ? ground : colour,
    ground: swapped ? colour : ground,
    bold: cell.isBold() !== 0,
    underlined: cell.isUnderline() !== 0,
  };
}

const sameLook = (a: Look, b: Look): boolean =>
  a.colour === b.colour && a.ground === b.ground && a.bold === b.bold && a.underlined === b.underlined;

function elementsOf({ column, width, text, look }: Run, row: number, palette: Palette): readonly string[] {
  const { colour, ground, bold, underlined } = look;
  const top = margin + row * font.height;
  const at = (columns: number) => round(margin + columns * font.width);
  const elements: string[] = [];
  if (ground !== palette.ground) {
    elements.push(
      `<rect x="${at(column)}" y="${top}" width="${round(width * font.width)}" height="${font.height}" fill="${ground}" shape-rendering="crispEdges"/>`,
    );
  }
  if (underlined) {
    elements.push(
      `<rect x="${at(column)}" y="${top + font.height - 2}" width="${round(width * font.width)}" height="1" fill="${colour}"/>`,
    );
  }
  const shown = text.trimEnd();
  const lead = shown.length - shown.trimStart().length;
  if (shown.trim() === '') return elements;
  // Spaces at the end have no width in a picture, so that they may not count in its length either.
  const cells = width - (text.length - shown.length) - lead;
  const weight = bold ? ' font-weight="bold"' : '';
  elements.push(
    `<text x="${at(column + lead)}" y="${top + font.baseline}" textLength="${round(cells * font.width)}" fill="${colour}"${weight}>${escaped(shown.trimStart())}</text>`,
  );
  return elements;
}

const round = (pixels: number): number => Math.round(pixels * 100) / 100;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
