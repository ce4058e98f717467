import { notesOf } from './operator-notes.ts';
import { bearsMarks, imageOf, isUp, ranked, versionOf, type WatchMarks, watchesOf } from './operators.ts';
import type { Installation, InstallationState, OperatorFact, RuntimeFacts } from './provider.ts';
import { releaseOf } from './releases.ts';
import type { Scene, Signature } from './signature.ts';
import { verdicts } from './verdicts.ts';

const known = {
  ready: { installed: true, healthy: true },
  unhealthy: { installed: true, healthy: false },
  partial: { installed: false, healthy: false },
  not_installed: { installed: false, healthy: false },
  unknown: { installed: null, healthy: null },
} as const satisfies Record<InstallationState, { installed: boolean | null; healthy: boolean | null }>;

/** What is installed of a runtime. A leftover CRD alone is no installation, and what may not be read is unknown. */
export function detectRuntime(signature: Signature, facts: RuntimeFacts): Installation {
  const scene = sceneOf(signature, facts);
  const { operator, version, watches, usable } = scene;
  const { read, write, served } = usable;
  const [state, message] = verdictOf(scene);
  return {
    state,
    ...known[state],
    ...(version !== undefined && { version }),
    message,
    notes: state === 'ready' ? notesOf(scene) : [],
    apiVersions: served,
    ...(read !== undefined && { readVersion: `${signature.group}/${read}` }),
    ...(write !== undefined && { writeVersion: `${signature.group}/${write}` }),
    ...(watches !== undefined && { watches }),
    ...(operator !== undefined && {
      operator: {
        namespace: operator.namespace,
        name: operator.name,
        ready: operator.ready,
        desired: operator.desired,
        image: imageOf(signature.operator, operator) ?? operator.images[0] ?? '',
      },
    }),
  };
}

/** A runtime's operators, the one to speak of first. */
const operatorsOf = ({ operator, watch }: Signature, { operators }: RuntimeFacts): readonly OperatorFact[] =>
  ranked(
    watch,
    operators.filter((candidate) => bearsMarks(operator, candidate)),
  );

/** The operator to speak of when there are several. */
export const operatorOf = (signature: Signature, facts: RuntimeFacts): OperatorFact | undefined =>
  operatorsOf(signature, facts)[0];

function sceneOf(signature: Signature, facts: RuntimeFacts): Scene {
  const operators = operatorsOf(signature, facts);
  const [operator, ...others] = operators;
  const crd = facts.crds.find(({ name }) => name === signature.crd);
  return {
    signature,
    crd,
    begun: facts.crds
      .filter(({ name, group }) => group === signature.group && name !== signature.crd)
      .map(({ name }) => name),
    operator,
    others,
    // Images by digest tell no version; the release they came with does.
    version: versionOf(signature, operator, crd) ?? (operator && releaseOf(facts, signature, operator)?.version),
    watches: allWatches(signature.watch, operators),
    usable: crd ? signature.usable(crd) : { served: [], read: undefined, write: undefined },
    unread: (what) => facts.unread.find((unread) => unread.what === what)?.message,
  };
}

/** What the operators that are up watch together, else what the first would; undefined = all namespaces. */
function allWatches(watch: WatchMarks, operators: readonly OperatorFact[]): readonly string[] | undefined {
  const up = operators.filter(isUp);
  const all = (up.length > 0 ? up : operators.slice(0, 1)).map((operator) => watchesOf(watch, operator));
  const named = all.flatMap((names) => names ?? []);
  return all.length === 0 || all.some((names) => names === undefined) ? undefined : [...new Set(named)];
}

function verdictOf(scene: Scene): readonly [InstallationState, string] {
  for (const [state, say] of verdicts) {
    const message = say(scene);
    if (message !== undefined) return [state, message];
  }
  throw new Error(`no verdict on ${scene.signature.title}`);
}
