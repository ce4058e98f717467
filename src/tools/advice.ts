/** Fields of an answer that advise a reader. */
export const advising: ReadonlySet<string> = new Set(['hint', 'fix', 'nextSteps', 'warnings']);

/** The same data with the texts of these fields changed, wherever they stand in it. */
export const withTexts = (
  data: object,
  fields: ReadonlySet<string>,
  change: (text: string) => string,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(data).map(([field, value]) => [field, changed(value, { fields, change }, fields.has(field))]),
  );

interface Change {
  readonly fields: ReadonlySet<string>;
  readonly change: (text: string) => string;
}

function changed(value: unknown, how: Change, isMeant: boolean): unknown {
  if (typeof value === 'string') return isMeant ? how.change(value) : value;
  if (Array.isArray(value)) return value.map((item: unknown) => changed(item, how, isMeant));
  return typeof value === 'object' && value !== null ? withTexts(value, how.fields, how.change) : value;
}
