import type { Plan, ReleaseFact, Step } from '../providers/provider.ts';

/** Minutes that helm may take for a release in all. */
const patience = 11;

/** Why steps must not touch a release now, what to do about it, and what is said of it otherwise. */
export interface UnderWay {
  readonly blockers: readonly string[];
  readonly hints: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * What stands against the helm steps of a plan because another helm may be at work on the same release: it cannot be
 * asked, but what it has begun tells since when, and helm gives up after a while.
 */
export function underWay({ steps }: Plan, releases: readonly ReleaseFact[]): UnderWay {
  const touched = releases.filter((release) => steps.some(on(release)));
  const unknown = touched.filter(({ helm }) => helm === 'unknown');
  const orphaned = touched.filter(({ helm }) => helm === 'orphaned');
  return {
    blockers: unknown.map(
      ({ name, namespace, status, since }) =>
        `The helm release ${namespace}/${name} is ${status}${since === undefined ? '' : ` since ${since}`}: a helm is at work on it, or was ended; by whom it was started is not known here.`,
    ),
    hints: unknown.map(
      (release) =>
        `Wait until it ends, and call again; after ${patience} minutes it is taken for dead. If that helm is known to be dead, this goes on at once: ${byHand(steps, release)}, and call again.`,
    ),
    warnings: orphaned.map(
      ({ name, namespace }) =>
        `A helm that a KubeFoundry left when it was killed is still at work on ${namespace}/${name}: it is ended first.`,
    ),
  };
}

const on =
  ({ name, namespace }: ReleaseFact) =>
  (step: Step): boolean =>
    step.kind === 'helm' && step.release === name && step.namespace === namespace;

/** The plan's own way to free the release. */
const byHand = (steps: readonly Step[], release: ReleaseFact): string => steps.find(on(release))?.command ?? '';
