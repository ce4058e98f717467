import { sorted } from '../../../src/sandbox/api/objects/json.ts';

/** What kube-apiserver makes names from: no vowels, and no digits that look like letters. */
const safe = '[bcdfghjklmnpqrstvwxz2456789]';

/** What differs between any two clusters and two moments, and what stands for it. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UID'],
  [/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----(\\n|\n)?/g, 'CERTIFICATE'],
  [/\b[0-9a-f]{64}\b/g, 'DIGEST'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, 'TIME'],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4}( UTC)?/g, 'TIME'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [ \w]{6,12} ?\d{0,4} \d\d:\d\d:\d\d( [+-]?\w+)?( \d{4})?/g, 'TIME'],
  [/(resourceVersion(?:\\?")?: ?\\?")\d+/g, '$1VERSION'],
  [/(Resource Version:) +\d+/g, '$1 VERSION'],
  [/(?<=[\s:(]|^)(\d+[smhd]|\d+m\d+s)(?=$|[\s)])/gm, 'AGE'],
  [/\/tmp\/(LIVE|MERGED)-\d+/g, '$1'],
  [/^Waiting for .*\n/gm, ''],
  [/\b127\.0\.0\.1:\d+/g, '127.0.0.1:PORT'],
  [/\b10\.96\.(?!0\.1\b)\d+\.\d+\b/g, 'SERVICE-ADDRESS'],
  [/\b10\.244\.\d+\.\d+\b/g, 'POD-ADDRESS'],
  [new RegExp(`(?<=[-:=] ?)${safe}{8,10}(?![\\w])`, 'g'), 'HASH'],
  [new RegExp(`(?<=-)${safe}{5}(?![\\w-])`, 'g'), 'SUFFIX'],
  // Columns are as wide as their widest cell.
  [/(?<=\S) {2,}/g, '  '],
  [/[ \t]+$/gm, ''],
  // kube-apiserver's own repair of Service addresses, which at times looks between two steps of its allocation.
  [/^.*(ipallocator-repair-controller|ClusterIPNotAllocated).*\n/gm, ''],
  [/^Events:\n +Type +Reason.*\n +-{4}[ -]*\n(?! +(Normal|Warning) )/gm, 'Events:  <none>\n'],
];

/** A line of JSON with its fields in alphabetical order; other lines as they are. */
function ordered(line: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(line)));
  } catch {
    return line;
  }
}

/**
 * The text without uids, times, ages, versions, generated names, addresses, certificates, the widths that follow from
 * them, and the order of fields in JSON.
 */
export const normalised = (text: string): string =>
  replacements
    .reduce((before, [pattern, replacement]) => before.replace(pattern, replacement), text)
    .replace(/^\{.*\}$/gm, ordered);
