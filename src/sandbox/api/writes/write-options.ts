import type { Call } from '../call.ts';
import { type FieldFault, invalid } from '../objects/status.ts';

const kinds: { readonly [verb: string]: string } = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
  deletecollection: 'DeleteOptions',
};

const notSupported = (field: string, value: string, supported: string): FieldFault => ({
  field,
  reason: 'FieldValueNotSupported',
  words: `Unsupported value: ${value}: supported values: ${supported}`,
});

const longestManager = 128;
const appliers = 'application/apply-patch+yaml';

/** Refuses options of a write that mean nothing. `contentType` is that of a patch. */
export function checkWriteOptions({ verb, query }: Call, contentType = ''): void {
  const kind = kinds[verb];
  if (kind === undefined) return;
  const faults: FieldFault[] = [];
  const manager = query.get('fieldManager') ?? '';
  if (verb === 'patch' && contentType !== appliers && query.has('force')) {
    const words = 'Forbidden: may not be specified for non-apply patch';
    faults.push({ field: 'force', reason: 'FieldValueForbidden', words });
  }
  if (contentType === appliers && manager === '') {
    const words = 'Required value: is required for apply patch';
    faults.push({ field: 'fieldManager', reason: 'FieldValueRequired', words });
  }
  if (manager.length > longestManager) {
    const words = `Too long: may not be more than ${longestManager} bytes`;
    faults.push({ field: 'fieldManager', reason: 'FieldValueTooLong', words });
  }
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All')) faults.push(notSupported('dryRun', JSON.stringify(dryRun), '"All"'));
  const validation = query.get('fieldValidation') ?? '';
  if (kind !== 'DeleteOptions' && !['', 'Ignore', 'Strict', 'Warn'].includes(validation)) {
    faults.push(notSupported('fieldValidation', JSON.stringify(validation), '"", "Ignore", "Strict", "Warn"'));
  }
  const propagation = query.get('propagationPolicy');
  if (propagation !== null && !['Foreground', 'Background', 'Orphan'].includes(propagation)) {
    const supported = '"Foreground", "Background", "Orphan", "nil"';
    faults.push(notSupported('propagationPolicy', JSON.stringify(propagation), supported));
  }
  if (faults.length > 0) throw invalid({ group: 'meta.k8s.io', plural: kind.toLowerCase(), kind }, '', faults);
}
