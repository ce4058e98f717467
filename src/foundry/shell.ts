/** A text as a POSIX shell takes it for one word. */
export const shellWord = (text: string): string =>
  /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** The same command for the cluster of a context, whatever the kubeconfig's current one is. Each kubectl and helm of a pipe is told. */
export const inContext = (command: string, context: string): string =>
  command.replaceAll(
    /(?<=^|\| |&& )(kubectl|helm)(?= )/g,
    (program) => `${program} ${program === 'helm' ? '--kube-context' : '--context'} ${shellWord(context)}`,
  );
