/** What a terminal shows where a program names no colour, and the sixteen that each terminal paints its own way. */
export interface Palette {
  readonly text: string;
  readonly ground: string;
  readonly sixteen: readonly string[];
}

export const darkPalette: Palette = {
  text: '#d7dae0',
  ground: '#16181d',
  sixteen: [
    ...['#16181d', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d7dae0'],
    ...['#5c6370', '#ff7a85', '#a9d989', '#ffd787', '#74c0ff', '#d68fec', '#67d3e0', '#ffffff'],
  ],
};

export const lightPalette: Palette = {
  text: '#1f2328',
  ground: '#ffffff',
  sixteen: [
    ...['#1f2328', '#cf222e', '#116329', '#8a5a00', '#0550ae', '#8250df', '#1b7c83', '#6e7781'],
    ...['#57606a', '#a40e26', '#1a7f37', '#633c01', '#0969da', '#6639ba', '#3192aa', '#ffffff'],
  ],
};

const steps = [0, 95, 135, 175, 215, 255] as const;

/** A colour of the 256: the terminal's own sixteen, a cube of six steps, 24 greys. */
export function colourOf(index: number, { sixteen }: Palette): string {
  const own = sixteen[index];
  if (own !== undefined) return own;
  if (index >= 232) return hex([8, 8, 8].map((least) => least + (index - 232) * 10));
  const cube = index - 16;
  return hex([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => steps[step] ?? 0));
}

const hex = (parts: readonly number[]): string =>
  `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
