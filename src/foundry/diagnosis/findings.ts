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

/** Each cause that the lines speak for, in the order of the table, from words that none before it took. */
function told(lines: readonly Line[], about: Subject, causes: readonly Cause[]): readonly Finding[] {
  const taken = new Set<string>();
  const codes = new Set<CauseCode>();
  return causes.flatMap((cause) => {
    const line = codes.has(cause.code)
      ? undefined
      : lines.find(
          (each) => cause.sorts.includes(each.sort) && !taken.has(keyOf(each)) && cause.pattern.test(each.text),
        );
    if (line === undefined) return [];
    taken.add(keyOf(line));
    codes.add(cause.code);
    const groups = cause.pattern.exec(line.text)?.groups ?? {};
    const evidence = { source: line.source, line: line.text, count: line.count };
    return [{ code: cause.code, title: cause.title(groups, about), evidence, fix: cause.fix(about, groups) }];
  });
}

/** Every cause that the lines speak for, best first; a symptom only where no cause is known. */
export function findingsIn(
  lines: readonly Line[],
  about: Subject,
  { own, symptoms }: { readonly own: readonly Cause[]; readonly symptoms: boolean },
): readonly Finding[] {
  const { cause: causes = [], symptom = [] } = Object.groupBy(causesOf(own), ({ rank = 'cause' }) => rank);
  const found = told(lines, about, causes);
  return found.length > 0 || !symptoms ? found : told(lines, about, symptom).slice(0, 1);
}
