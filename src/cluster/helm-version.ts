export const isVersion = (text: string): boolean => /^v?\d+\.\d+\.\d+/.test(text);

/** Whether helm is 3.20.2, 4.1.4 or newer: older ones have CVE-2026-35204 to 35206. */
export function isRecent(version: string): boolean {
  const [, ...parts] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  const [major = 0, minor = 0, patch = 0] = parts.map(Number);
  const [leastMinor, leastPatch] = major === 3 ? [20, 2] : [1, 4];
  return major > 4 || (major >= 3 && (minor > leastMinor || (minor === leastMinor && patch >= leastPatch)));
}
