import { type Line, line, span } from '../text/line.ts';
import type { Check } from './check.ts';
import { fitMark } from './fit-rows.ts';
import type { Verdict } from './verdict.ts';

interface EndState {
  readonly isAt: boolean;
  readonly isSending: boolean;
  readonly check: Check;
  readonly isReplacing: boolean;
}

/** The row that sends the form off, and what is in the way of that. */
export function endLine(
  { canDeploy, text, needsInstallation }: Verdict,
  { isAt, isSending, check, isReplacing }: EndState,
): Line {
  const mark = check.planned?.fit ? fitMark(check.planned.fit) : undefined;
  const [verb, doing] = isReplacing ? ['Replace', 'Replacing'] : ['Deploy', 'Deploying'];
  if (isSending) return line('   ', span(`[ ${doing} … ]`, 'busy'), '  ', text);
  const button = canDeploy ? span(`[ ${verb} ]`, isAt ? 'tab' : 'key') : span(`( ${verb} )`, isAt ? 'tab' : 'dim');
  return line(
    isAt ? ' > ' : '   ',
    button,
    '  ',
    ...(canDeploy ? [check.state === 'done' ? span('checked  ', 'good') : span('checking …  ', 'busy')] : []),
    span(text, canDeploy ? 'text' : 'warn'),
    ...(canDeploy && mark ? [span(`  ${mark.words}`, mark.tone)] : []),
    ...(needsInstallation ? [span('  i', 'key'), span(' installs it, keeps this form', 'dim')] : []),
  );
}
