import { stringify } from 'yaml';
import type { Plan } from '../../foundry/plan.ts';
import { redact } from '../../foundry/redaction.ts';
import { head, plainCells, widthOf, wrap } from '../text/cells.ts';
import { type Line, line } from '../text/line.ts';

type Step = Plan['steps'][number];

/** A step as a shell takes it, with what its command reads from a file below it: such a file exists nowhere. */
export function byHand(step: Step, context: string | undefined, width: number): readonly Line[] {
  const command = `${step.command}${contextFlag(step.command, context)}`;
  const body = step.kind === 'apply' ? step.object : step.kind === 'patch' ? step.operations : undefined;
  // Carried out, the words that stand for a secret would take its place.
  if (JSON.stringify(redact(body)) !== JSON.stringify(body)) {
    return wrap(`# ${step.title}: it holds what is not shown here.`, width - indent).map((row) => line('   ', row));
  }
  if (step.kind === 'apply') {
    return [
      ...commandRows(`${command.replace(/ -f \S+\.yaml/, ' -f -')} <<'EOF'`, width),
      ...verbatim(stringify(step.object, { lineWidth: width }), width),
      line('EOF'),
    ];
  }
  if (step.kind === 'patch') {
    const rows = step.operations.map((operation) => JSON.stringify(operation).replaceAll("'", "'\\''"));
    return [
      ...commandRows(`${command.replace(/ --patch-file=\S+/, '')} -p '[`, width),
      ...verbatim(`${rows.join(',\n')}\n]'`, width),
    ];
  }
  return commandRows(command, width);
}

/** The same cluster, whatever the kubeconfig's own context is. */
function contextFlag(command: string, context: string | undefined): string {
  if (context === undefined) return '';
  const [program] = command.split(' ');
  return program === 'kubectl' ? ` --context ${context}` : program === 'helm' ? ` --kube-context ${context}` : '';
}

const indent = 3;

/** A command in rows that a shell takes as one line when they are copied. */
export function commandRows(command: string, width: number): readonly Line[] {
  const room = width - indent - 4;
  const rows: string[] = [];
  for (const word of command.match(/(?:'[^']*'?|"[^"]*"|[^\s'"]|["'])+/g) ?? []) {
    const last = rows.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= room) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word);
  }
  return rows.flatMap((row, index) => {
    const text = `${' '.repeat(index === 0 ? indent : indent + 2)}${row}${index < rows.length - 1 ? ' \\' : ''}`;
    return pieces(text, width);
  });
}

/** From the first column: spaces before it would be part of what is copied. */
const verbatim = (text: string, width: number): readonly Line[] =>
  text
    .trimEnd()
    .split('\n')
    .flatMap((row) => pieces(row, width));

function pieces(text: string, width: number): readonly Line[] {
  const rows: Line[] = [];
  let rest = plainCells(text);
  while (widthOf(rest) > width) {
    const part = head(rest, width);
    rows.push(line(part));
    rest = rest.slice(part.length);
  }
  return [...rows, line(rest)];
}
