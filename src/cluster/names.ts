import { FoundryError } from '../errors.ts';

/**
 * Every name passes here before it becomes part of a URL. Encoding alone would not do: `..` survives it.
 *
 * Formats: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
const formats = {
  /** DNS-1123 label: namespaces, containers. */
  label: { pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, length: 63, says: 'lower-case letters, digits and dashes' },
  /** DNS-1123 subdomain: most objects. */
  subdomain: {
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    length: 253,
    says: 'lower-case letters, digits, dashes and dots',
  },
  /** RBAC objects are also called `system:node` or `Viewer`. */
  segment: { pattern: /^[A-Za-z0-9][A-Za-z0-9:._-]*$/, length: 253, says: 'letters, digits, `:`, `.`, `_` and `-`' },
  /** A port by its name. */
  port: { pattern: /^(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, length: 63, says: 'a number or a port name' },
  subresource: { pattern: /^[a-z]+$/, length: 63, says: 'lower-case letters' },
} as const;

export type NameFormat = keyof typeof formats;

/** @throws FoundryError INPUT_INVALID, unless `value` has that format; `what` names it in the sentence */
export function checkName(format: NameFormat, what: string, value: string): void {
  const { pattern, length, says } = formats[format];
  if (value.length <= length && pattern.test(value)) return;
  throw new FoundryError(
    'INPUT_INVALID',
    `${what} ${JSON.stringify(value.slice(0, 80))} is not valid: it may hold ${says}, at most ${length} characters.`,
    `Give the ${what} as Kubernetes shows it.`,
    { what },
  );
}

/** The format that the API server demands of object names in `group`. */
export const nameFormatOf = (group: string): NameFormat =>
  group === 'rbac.authorization.k8s.io' ? 'segment' : 'subdomain';

/**
 * The path and query of a request that is proxied to a Service or pod.
 *
 * @throws FoundryError INPUT_INVALID when it could leave the path of the proxied Service
 */
export function checkProxyPath(path: string): void {
  const climbs = path
    .split('?', 1)
    .join('')
    .split('/')
    .some((part) => /^(\.|%2e){1,2}$/i.test(part));
  if (/^\/[!-~]*$/.test(path) && !/[\\#]/.test(path) && !/%(2f|5c)/i.test(path) && !climbs) return;
  throw new FoundryError(
    'INPUT_INVALID',
    `The path ${JSON.stringify(path.slice(0, 80))} cannot be proxied.`,
    'Give an absolute path such as /v1/models, percent-encoded, without `..`.',
  );
}
