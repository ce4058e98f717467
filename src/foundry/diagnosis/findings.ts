import type { Cause, CauseCode, Line, Subject } from '../../providers/causes.ts';
import { admissionCauses } from './causes/admission.ts';
import { containerCauses } from './causes/containers.ts';
import { imageCauses } from './causes/images.ts';
import { logCauses } from './causes/logs.ts';
import { schedulingCauses } from './causes/scheduling.ts';

export interface Finding {
  readonly code: CauseCode;
  readonly title: string;
  /** Text that others wrote, as it was written. */
  readonly evidence: { readonly source: string; readonly line: string; readonly count: number };
  readonly fix: string;
}

/** What a provider knows comes first, then from outside in: what keeps pods from being made, placed, started, serving. */
const causesOf = (own: readonly Cause[]): readonly Cause[] => [
  ...own,
  ...admissionCauses,
  ...schedulingCauses,
  ...imageCauses,
  ...logCauses,
  ...containerCauses,
];

/** The same words reach us from several sources, with another beginning; a log tells of one cause. */
const keyOf = ({ sort, source, text }: Line): string => (sort === 'log' ? source : text.slice(-80));

/** Every cause that the lines speak for, best first, each from words of its own; symptoms only where no cause is known. */
export function findingsIn(
  lines: readonly Line[],
  about: Subject,
  { own, symptoms }: { readonly own: readonly Cause[]; readonly symptoms: boolean },
): readonly Finding[] {
  const told = new Set<string>();
  const found = new Map<CauseCode, Finding & { readonly symptom: boolean }>();
  for (const cause of causesOf(own)) {
    if (found.has(cause.code)) continue;
    const line = lines.find(
      (each) => cause.sorts.includes(each.sort) && !told.has(keyOf(each)) && cause.pattern.test(each.text),
    );
    if (line === undefined) continue;
    told.add(keyOf(line));
    const groups = cause.pattern.exec(line.text)?.groups ?? {};
    found.set(cause.code, {
      code: cause.code,
      title: cause.title(groups, about),
      evidence: { source: line.source, line: line.text, count: line.count },
      fix: cause.fix(about, groups),
      symptom: cause.rank === 'symptom',
    });
  }
  const all = [...found.values()];
  const causes = all.filter(({ symptom }) => !symptom);
  return (causes.length > 0 || !symptoms ? causes : all.slice(0, 1)).map(({ symptom: _, ...finding }) => finding);
}
