/** What people write for a value, as the value: shared by command line and form. The tool judges it. */

/** What is no number stays text, so that the tool's own refusal names the field; `007` and `1e3` are no numbers here. */
export const numberOr = (text: string): string | number =>
  String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;

export const scalar = (text: string): string | number | boolean =>
  text === 'true' ? true : text === 'false' ? false : numberOr(text);

/** `key=value`, and `key` alone for true. */
export function pairOf(text: string): readonly [key: string, value: string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, 'true'] : [text.slice(0, at), text.slice(at + 1)];
}
