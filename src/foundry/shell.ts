import { withOwnLines } from './untrusted-text.ts';

/** A text as a POSIX shell takes it for one word. */
export const shellWord = (text: string): string =>
  /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** What kubectl and helm are told to do. Without that their names are words of a sentence, as in "helm leaves CRDs". */
const verbs = [
  'annotate|apply|auth|create|delete|describe|edit|get|label|logs|patch|port-forward|proxy|rollout|scale|uncordon|version|wait',
  'install|rollback|show crds|uninstall|upgrade',
].join('|');

const command = new RegExp(`(?<![\\w./-])(kubectl|helm)(?= (?:${verbs})(?![\\w-]| failed))`, 'g');

/** A command of ours in a sentence that was told no context. `kubefoundry sandbox` is told none: it brings a cluster. */
const ours = /(?<=`)kubefoundry (?!sandbox\b|[^`]* --context )[^`]*(?=`)/g;

/**
 * The same text with its commands for the cluster of a context, whatever the kubeconfig's current one is. Each kubectl
 * and helm of a pipe is told, and those that a sentence names, ours in backticks among them; one that was told already
 * stays as it is.
 *
 * @param context undefined where commands find the cluster without one
 */
export function inContext(text: string, context: string | undefined): string {
  if (context === undefined) return text;
  const word = shellWord(context);
  return withOwnLines(text, (line) =>
    line
      .replaceAll(command, (program) => `${program} ${program === 'helm' ? '--kube-context' : '--context'} ${word}`)
      .replaceAll(ours, (whole) => `${whole} --context ${word}`),
  );
}
