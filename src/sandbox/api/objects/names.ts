import type { ApiObject } from './object.ts';
import type { ServedResource } from './resource.ts';
import type { FieldFault } from './status.ts';

interface Rule {
  readonly pattern: RegExp;
  readonly maximum: number;
  readonly words: string;
}

const label: Rule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  maximum: 63,
  words:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
};
const subdomain: Rule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  maximum: 253,
  words:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
};
const startingWithLetter: Rule = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  maximum: 63,
  words:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
};
const pathSegment: Rule = { pattern: /^(?!\.\.?$)[^/%]+$/, maximum: 253, words: "may not contain '/'" };

const rules: { readonly [table: string]: Rule } = {
  namespaces: label,
  services: startingWithLetter,
  'roles.rbac.authorization.k8s.io': pathSegment,
  'rolebindings.rbac.authorization.k8s.io': pathSegment,
  'clusterroles.rbac.authorization.k8s.io': pathSegment,
  'clusterrolebindings.rbac.authorization.k8s.io': pathSegment,
};

const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** What the server appends to `generateName`. */
export const generatedSuffix = (): string =>
  Array.from({ length: 5 }, () => suffixLetters[Math.floor(Math.random() * suffixLetters.length)]).join('');

const part = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const partWords =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const value = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const valueWords =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const longestPart = 63;

const invalid = (field: string, given: string, words: string): FieldFault => ({
  field,
  reason: 'FieldValueInvalid',
  words: `Invalid value: ${JSON.stringify(given)}: ${words}`,
});

const tooLong = (maximum: number): string => `must be no more than ${maximum} bytes`;

/** What is wrong with a key such as `example.com/name`. */
function keyFaults(field: string, key: string): readonly FieldFault[] {
  const slash = key.indexOf('/');
  const name = slash < 0 ? key : key.slice(slash + 1);
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const faults: FieldFault[] = [];
  if (prefix !== undefined && !subdomain.pattern.test(prefix)) {
    faults.push(
      invalid(field, key, prefix === '' ? 'prefix part must be non-empty' : `prefix part ${subdomain.words}`),
    );
  }
  if (name === '') faults.push(invalid(field, key, 'name part must be non-empty'));
  if (name.length > longestPart) faults.push(invalid(field, key, `name part ${tooLong(longestPart)}`));
  if (!part.test(name)) faults.push(invalid(field, key, partWords));
  return faults;
}

function labelFaults(labels: { readonly [key: string]: string }): readonly FieldFault[] {
  return Object.entries(labels).flatMap(([key, text]) => {
    const faults = [...keyFaults('metadata.labels', key)];
    if (text.length > longestPart) faults.push(invalid('metadata.labels', text, tooLong(longestPart)));
    if (!value.test(text)) faults.push(invalid('metadata.labels', text, valueWords));
    return faults;
  });
}

function nameFaults(name: string, { pattern, maximum, words }: Rule): readonly FieldFault[] {
  const faults: FieldFault[] = [];
  if (name.length > maximum) faults.push(invalid('metadata.name', name, tooLong(maximum)));
  if (!pattern.test(name)) faults.push(invalid('metadata.name', name, words));
  return faults;
}

/** What is wrong with the name of a container. */
export const containerNameFaults = (field: string, name: string): readonly FieldFault[] =>
  label.pattern.test(name) ? [] : [invalid(field, name, label.words)];

/** What is wrong with the metadata of an object, in the words of the real server. */
export function metadataFaults(resource: ServedResource, { metadata }: ApiObject): readonly FieldFault[] {
  const owners = metadata.ownerReferences ?? [];
  const owned = (field: string, words: string) => invalid(`metadata.ownerReferences.${field}`, '', words);
  return [
    ...nameFaults(metadata.name, rules[resource.table] ?? subdomain),
    ...labelFaults(metadata.labels ?? {}),
    ...Object.keys(metadata.annotations ?? {}).flatMap((key) => keyFaults('metadata.annotations', key.toLowerCase())),
    ...owners.flatMap((owner) => [
      ...(owner.apiVersion === '' ? [owned('apiVersion', 'version must not be empty')] : []),
      ...(owner.kind === '' ? [owned('kind', 'must not be empty')] : []),
      ...(owner.name === '' ? [owned('name', 'must not be empty')] : []),
      ...(owner.uid === '' ? [owned('uid', 'must not be empty')] : []),
    ]),
  ];
}

/** Objects on their way out take no new finalizers. */
export function finalizerFaults(next: ApiObject, previous: ApiObject): readonly FieldFault[] {
  if (previous.metadata.deletionTimestamp === undefined) return [];
  const known = previous.metadata.finalizers ?? [];
  const added = (next.metadata.finalizers ?? []).filter((name) => !known.includes(name));
  if (added.length === 0) return [];
  const shown = added.map((name) => `"${name}"`).join(', ');
  return [
    {
      field: 'metadata.finalizers',
      reason: 'FieldValueForbidden',
      words: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${shown}}`,
    },
  ];
}
