/** What one of several calls does about the question that they share. */
export interface Share<Request> {
  /** Has something to ask: resolves with the answer, which is given to all. */
  ask(request: Request): Promise<boolean>;
  /** It has ended; the others wait for its question no longer. */
  end(): void;
}

/** One question for so many calls: asked as soon as each has something to ask or has ended. */
export function sharedQuestion<Request>(
  calls: number,
  ask: (requests: readonly Request[]) => Promise<boolean>,
): readonly Share<Request>[] {
  const requests = new Map<number, Request>();
  const arrived = new Set<number>();
  const answer = Promise.withResolvers<boolean>();
  const arrive = (index: number) => {
    if (arrived.has(index)) return;
    arrived.add(index);
    if (arrived.size < calls || requests.size === 0) return;
    const inOrder = [...requests].toSorted(([one], [other]) => one - other).map(([, request]) => request);
    ask(inOrder).then(answer.resolve, answer.reject);
  };
  return Array.from({ length: calls }, (_, index) => ({
    ask(request) {
      requests.set(index, request);
      arrive(index);
      return answer.promise;
    },
    end: () => arrive(index),
  }));
}
