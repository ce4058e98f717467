import { listAt } from '../../kubernetes.ts';

/** Words of a shell text: quotes hold words together, operators separate commands. */
function shellWords(text: string): readonly string[] {
  const words = text.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/\\\n/g, '').replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, '$1$2'));
}

/**
 * Command and arguments of a container as one list of words. An argument with white space is taken apart, as `sh -c`
 * does, unless it is the JSON that some flags take.
 */
export function tokensOf(container: unknown): readonly string[] {
  return [...listAt(container, 'command'), ...listAt(container, 'args')].flatMap((word) => {
    if (typeof word !== 'string') return [];
    return /\s/.test(word) && !/^\s*[[{]/.test(word) ? shellWords(word) : [word];
  });
}

/** The value of the first of these flags that is given, as `--flag value` or `--flag=value`. */
export function flagValue(tokens: readonly string[], flags: readonly string[]): string | undefined {
  for (const flag of flags) {
    for (const [index, token] of tokens.entries()) {
      if (token.startsWith(`${flag}=`)) return token.slice(flag.length + 1);
      const next = tokens[index + 1];
      if (token === flag && next !== undefined && !next.startsWith('--')) return next;
    }
  }
  return undefined;
}

/** Puts environment variables into a word: `$NAME`, `${NAME}`, `${NAME:-default}`, `$(NAME)`; undefined where one is unknown. */
export function expand(word: string, environment: ReadonlyMap<string, string>): string | undefined {
  let unknown = false;
  const expanded = word.replace(
    /\$(?:\(([A-Za-z_]\w*)\)|\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|([A-Za-z_]\w*))/g,
    (
      _,
      call: string | undefined,
      braced: string | undefined,
      otherwise: string | undefined,
      bare: string | undefined,
    ) => {
      const value = environment.get(call ?? braced ?? bare ?? '') ?? otherwise;
      if (value === undefined) unknown = true;
      return value ?? '';
    },
  );
  return unknown || expanded === '' ? undefined : expanded;
}
