/**
 * Lets many callers share one piece of work at a time. Work that nobody waits for any more is aborted, so that a
 * cancelled call leaves nothing behind while others lose nothing.
 */
export function singleFlight<Value>(
  work: (signal: AbortSignal) => Promise<Value>,
): (signal?: AbortSignal) => Promise<Value> {
  let flight: { readonly result: Promise<Value>; readonly controller: AbortController; waiting: number } | undefined;
  return (signal) => {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!flight) {
      const controller = new AbortController();
      const started = { result: work(controller.signal), controller, waiting: 0 };
      const land = () => {
        if (flight === started) flight = undefined;
      };
      started.result.then(land, land);
      flight = started;
    }
    const current = flight;
    current.waiting += 1;
    return new Promise<Value>((resolve, reject) => {
      const leave = () => {
        reject(signal?.reason);
        current.waiting -= 1;
        if (current.waiting > 0) return;
        if (flight === current) flight = undefined;
        current.controller.abort(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      const settled = () => signal?.removeEventListener('abort', leave);
      current.result.then(resolve, reject).finally(settled);
    });
  };
}
