/** Texts that are remembered; where there are so many different ones, sharing does not pay. */
const most = 1_000;

/** Gives the same text in one piece of memory, however often it was read. */
export function createTextSharing(): (text: string) => string {
  const texts = new Map<string, string>();
  return (text) => {
    if (texts.size >= most) texts.clear();
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
}
