import { delimiter } from 'node:path';
import { shellWord } from '../foundry/shell.ts';
import type { Tool } from '../tools/tool.ts';
import type { GlobalOptions } from './options.ts';

/** Which cluster a command was told to work on: another one that is told the same works there, too. */
export type Where = Partial<Pick<GlobalOptions, 'context' | 'kubeconfig' | 'sandbox'>>;

/** The same as options, each word as a shell takes it. A sandbox has but one context. */
export function whereWords({ context, kubeconfig, sandbox }: Where): readonly string[] {
  if (sandbox !== undefined) return ['--sandbox', sandbox];
  return [
    ...(context === undefined ? [] : ['--context', shellWord(context)]),
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', shellWord(kubeconfig.join(delimiter))]),
  ];
}

/** A command of ours in a sentence, whichever context it was told. `kubefoundry sandbox` is told none: it brings a cluster. */
const inBackticks = /`(kubefoundry (?!sandbox\b)[^`]*?)(?: --context (?:'[^`]*'|[^\s'`]+))?`/g;

/** The same text with our commands that its sentences name told where to work. */
export const leadingThere = (text: string, where: Where): string =>
  text.replace(inBackticks, (_, command: string) => `\`${[command, ...whereWords(where)].join(' ')}\``);

/** kubectl and helm, as they are told a cluster. */
const ofOthers = /\b(?:kubectl --context|helm --kube-context) /;

/**
 * What is to be said of an answer, and of the commands in it: what was changed in a sandbox inside this process is gone
 * with it, and commands of others do not reach it.
 */
export const remarkOn = (text: string, { sandbox }: Where, { effect }: Pick<Tool, 'effect'>): string | undefined =>
  sandbox !== undefined && (effect !== 'read' || ofOthers.test(text))
    ? 'This sandbox ends with the command, with all that was changed: one that stays, and that kubectl and helm reach, is what `kubefoundry sandbox` runs.'
    : undefined;
