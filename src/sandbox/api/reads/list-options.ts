import { ApiError, badRequest, type FieldFault, internal, invalid } from '../objects/status.ts';

const listOptions = { group: 'meta.k8s.io', plural: 'listoptions', kind: 'ListOptions' } as const;
const matches = ['Exact', 'NotOlderThan'];

export const isTrue = (query: URLSearchParams, name: string): boolean => ['true', '1'].includes(query.get(name) ?? '');

const forbid = (field: string, words: string): FieldFault => ({
  field,
  reason: 'FieldValueForbidden',
  words: `Forbidden: ${words}`,
});

/** Refuses options of lists and watches that contradict each other. */
export function checkListOptions(query: URLSearchParams, watches: boolean): void {
  const faults: FieldFault[] = [];
  const match = query.get('resourceVersionMatch') ?? '';
  const initial = query.has('sendInitialEvents');
  if (match !== '') {
    if (watches && !initial) {
      faults.push(
        forbid(
          'resourceVersionMatch',
          'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
        ),
      );
    } else if (!watches && (query.get('resourceVersion') ?? '') === '') {
      faults.push(
        forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided'),
      );
    } else if (!matches.includes(match)) {
      faults.push({
        field: 'resourceVersionMatch',
        reason: 'FieldValueNotSupported',
        words: `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`,
      });
    }
  }
  if (initial && !watches) {
    faults.push(forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  } else if (initial && match !== 'NotOlderThan') {
    faults.push(
      forbid('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'),
    );
  }
  if (faults.length > 0) throw invalid(listOptions, '', faults);
}

const unparsable = (text: string): string =>
  `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;

/** The revision that a list asks for, at least or exactly; 0 for any. */
export function listRevision(query: URLSearchParams, newest: number): number {
  const text = query.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(text)) throw badRequest(`invalid resource version: ${unparsable(text)}`);
  const revision = Number(text);
  if (revision <= newest) return revision;
  throw new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${revision}, current: ${newest}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

/** The revision that a watch begins after; 0 for one that begins with everything there is. */
export function watchRevision(query: URLSearchParams): number {
  const text = query.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(text)) throw internal(unparsable(text));
  return Number(text);
}
