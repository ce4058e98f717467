/** Texts that are remembered; where there are so many different ones, sharing does not pay. */
const most = 1_000;

/** Gives what was made for a text the first time, however often it is asked for. */
export function createSharing<Value>(): (text: string, make: () => Value) => Value {
  const made = new Map<string, Value>();
  return (text, make) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    if (made.size >= most) made.clear();
    const value = make();
    made.set(text, value);
    return value;
  };
}

/** Gives the same text in one piece of memory, however often it was read. */
export function createTextSharing(): (text: string) => string {
  const share = createSharing<string>();
  return (text) => share(text, () => text);
}
