/** How one attribute begins and ends, each as an escape sequence. */
interface Attribute {
  readonly begin: string;
  readonly end: string;
}

/** What characters look like: attributes, in the order in which they began. */
export type Style = readonly Attribute[];

const sequence = (parameter: string | number): string => `\u001b[${parameter}m`;

/** What ends bold, underlined and inverse; whatever else a theme asks for is a colour of letters or ground. */
const ends: Readonly<Record<string, number>> = { 1: 22, 4: 24, 7: 27, 48: 49 };
const endOfColour = 39;

const known = new Map<string, Style>();

/** The style of SGR parameters as themes name them: `1;38;5;117`; '' = none. */
export function styleOf(codes: string): Style {
  const found = known.get(codes);
  if (found !== undefined) return found;
  let style: Style = [];
  for (const parameter of codes.match(/[34]8;5;\d+|\d+/g) ?? []) {
    const end = sequence(ends[Number.parseInt(parameter, 10)] ?? endOfColour);
    // The later one of two colours is the one that is seen.
    style = [...style.filter((other) => other.end !== end), { begin: sequence(parameter), end }];
  }
  known.set(codes, style);
  return style;
}

/**
 * What leads from one style to another, written just as Ink writes it: a row that is written so is taken apart once for
 * each frame, any other one twice, which is a third of the time of a frame (Ink 8.0).
 */
export function changeOf(from: Style, to: Style): { readonly written: string; readonly style: Style } {
  const ended = from.filter(({ end }) => !to.some((other) => other.end === end));
  const kept = from.filter(({ begin }) => to.some((other) => other.begin === begin));
  const begun = to.filter(({ begin }) => !kept.some((other) => other.begin === begin));
  return {
    written: [...ended.toReversed().map(({ end }) => end), ...begun.map(({ begin }) => begin)].join(''),
    style: [...kept, ...begun],
  };
}
