import type { Json } from '../objects/json.ts';

interface FaultMatch {
  readonly method?: string;
  /** A whole path (without its query), or a pattern for path and query. */
  readonly path: RegExp | string;
  readonly user?: string;
}

export type FaultAction =
  | { readonly kind: 'status'; readonly status: number; readonly body?: Json; readonly retryAfter?: number }
  /** The request is answered, after this time. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The connection is cut with nothing answered. */
  | { readonly kind: 'reset' }
  /** The answer is cut after so many bytes of its body. */
  | { readonly kind: 'truncate'; readonly bytes: number };

export interface Fault {
  readonly match: FaultMatch;
  readonly action: FaultAction;
  /** How many requests it hits; all of them when absent. */
  readonly times?: number;
}

/** Faults on request, the first that matches a request and is not used up. */
export class FaultInjector {
  readonly #faults: { readonly fault: Fault; left: number }[] = [];

  /** Returns what takes the fault away again. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#faults.push(entry);
    return () => {
      const index = this.#faults.indexOf(entry);
      if (index >= 0) this.#faults.splice(index, 1);
    };
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** Every fault that hits this request, in the order they were added; each counts as used. */
  hits(method: string, path: string, query: string, user: string): readonly FaultAction[] {
    const hits: FaultAction[] = [];
    for (const entry of this.#faults) {
      const { match, action } = entry.fault;
      if (entry.left <= 0) continue;
      if (match.method !== undefined && match.method !== method) continue;
      if (match.user !== undefined && match.user !== user) continue;
      const whole = query === '' ? path : `${path}?${query}`;
      if (typeof match.path === 'string' ? match.path !== path : !match.path.test(whole)) continue;
      entry.left -= 1;
      hits.push(action);
    }
    return hits;
  }
}
