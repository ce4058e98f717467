import { isUp, watchesOf } from './operators.ts';
import type { OperatorFact } from './provider.ts';
import type { Scene } from './signature.ts';

export const placed = (operator: OperatorFact | undefined): string => `${operator?.namespace}/${operator?.name}`;
export const titled = ({ signature, version }: Scene): string =>
  `${signature.title} ${version ?? 'of unknown version'}`;
/** `The operator ns/name (1.7.0)` */
export const named = ({ version }: Scene, operator: OperatorFact): string =>
  `The operator ${placed(operator)}${version === undefined ? '' : ` (${version})`}`;
export const because = (message: string | undefined): string =>
  message === undefined ? '.' : `: ${message.replace(/\.$/, '')}.`;
export const readyOf = ({ ready, desired }: OperatorFact): string => `${ready} of ${desired} replicas ready`;

/** What is odd about an operator that works. */
export function notesOf(scene: Scene): readonly string[] {
  const { crd, operator, version, signature } = scene;
  if (!crd || !operator) return [];
  return [...signature.oddities(crd, version), rolloutNote(operator), ...otherNotes(scene), watchNote(scene)].filter(
    (note) => note !== undefined,
  );
}

function rolloutNote(operator: OperatorFact): string | undefined {
  const { ready, desired, updated = desired, rolling, message } = operator;
  if (rolling)
    return `An upgrade of its operator is not finished, ${updated} of ${desired} replicas updated${because(message)}`;
  return ready < desired ? `Its operator has only ${readyOf(operator)}${because(message)}` : undefined;
}

/** Operators beside the first: those that watch the same namespaces fight over every object. */
function otherNotes({ others, operator, signature }: Scene): readonly string[] {
  const own = operator && watchesOf(signature.watch, operator);
  return others.map((other) => {
    if (!isUp(other)) return `Another operator, ${placed(other)}, is not available (${readyOf(other)}).`;
    const theirs = watchesOf(signature.watch, other);
    if (theirs !== undefined && !theirs.some((name) => own?.includes(name)))
      return `Another operator, ${placed(other)}, watches ${theirs.join(', ')}.`;
    return `A second operator, ${placed(other)}, acts on the same ${signature.kind} objects: keep one.`;
  });
}

const watchNote = ({ watches, signature }: Scene): string | undefined =>
  watches && `Its operator watches only ${watches.join(', ')}: a ${signature.kind} elsewhere waits for ever.`;
