/** Holds something back until it is released, once. */
export type Hold = () => () => void;

/** Holds all of them back. */
export function together(...holds: readonly Hold[]): Hold {
  return () => {
    const releases = holds.map((hold) => hold());
    return () => {
      for (const release of releases) release();
    };
  };
}

/** Holds back while the program is at rest: to be told of it. */
export function atRest(hold: Hold): (isAtRest: boolean) => void {
  let release: (() => void) | undefined;
  return (isAtRest) => {
    if (isAtRest === (release !== undefined)) return;
    release?.();
    release = isAtRest ? hold() : undefined;
  };
}
