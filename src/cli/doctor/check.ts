/** One line of the doctor. `failed` is essential: nothing works without it; `warning` limits something. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly message: string;
  /** What to do about it; every line that is not ok has one. */
  readonly cure?: string;
}

export const ok = (name: string, message: string): Check => ({ name, state: 'ok', message });
export const warning = (name: string, message: string, cure: string): Check => ({
  name,
  state: 'warning',
  message,
  cure,
});
export const failed = (name: string, message: string, cure: string): Check => ({
  name,
  state: 'failed',
  message,
  cure,
});
