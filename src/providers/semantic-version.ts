export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** Semantic versioning, with the leading v that git tags and some image tags have. */
const semanticVersion = /^v?(\d+)\.(\d+)\.(\d+)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch] = semanticVersion.exec(text) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return { major: Number(major), minor: Number(minor), patch: Number(patch) };
}

/** Negative, zero or positive, as `Array.sort` wants it; pre-releases count as their release. */
export const compareVersions = (one: Version, other: Version): number =>
  one.major - other.major || one.minor - other.minor || one.patch - other.patch;

/** Whether a version is within one minor version of another one; what is older is, too. */
export const skipsNoMinor = (version: Version, from: Version): boolean =>
  version.major === from.major && version.minor <= from.minor + 1;

/** Whether a version is at least `<major>.<minor>`; undefined, an unknown version, is not. */
export const isAtLeast = (version: Version | undefined, major: number, minor: number): boolean =>
  version !== undefined && compareVersions(version, { major, minor, patch: 0 }) >= 0;
