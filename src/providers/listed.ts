/** Names that a sentence lists before it counts the rest. */
const shown = 20;

/** `2: a, b`, at most twenty of them by name. */
export const listed = (names: readonly string[]): string =>
  `${names.length}: ${names.slice(0, shown).join(', ')}${names.length > shown ? ` and ${names.length - shown} more` : ''}`;
