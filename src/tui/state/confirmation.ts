import type { Ask } from '../../tools/call.ts';
import type { Tool } from '../../tools/tool.ts';
import type { Question } from './dialogs.ts';
import type { Operation } from './operations.ts';

/** What a call asks a human about, with the input that it was made with. */
export interface Confirmation extends Pick<Parameters<Ask>[0], 'plan' | 'context' | 'subject'> {
  readonly input: Operation['input'];
}

/** The question about one plan, or about those of several calls of a tool in one context; `note` is said before the plans. */
export function confirmationQuestion(
  tool: Tool,
  confirmations: readonly Confirmation[],
  isProtected: (context: string) => boolean,
  note = '',
): Question {
  const { context = '', subject } = confirmations[0] ?? {};
  const several = confirmations.length > 1;
  const foreign = confirmations.filter(({ input }) => input.unmanaged === true).length;
  const typed = tool.effect === 'destroy' && isProtected(context) ? (several ? context : subject) : undefined;
  return {
    title: tool.title,
    plans: confirmations.map(({ plan }) => plan),
    lines: [
      `${tool.title} in context ${context}?${several ? ` ${confirmations.length} at once:` : ''}`,
      ...(note === '' ? [] : [note]),
      ...(foreign === 0 ? [] : [`Made by others, not by KubeFoundry${several ? `: ${foreign} of them` : ''}.`]),
    ],
    ...(typed !== undefined && { typed }),
  };
}
