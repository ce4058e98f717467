export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
  readonly user: string;
  /** 0 while it is not answered. */
  status: number;
  readonly at: Date;
}

const capacity = 20_000;

/** The last requests, and how many are open. */
export class RequestLog {
  #records: RequestRecord[] = [];
  open = 0;

  add(record: RequestRecord): void {
    this.#records.push(record);
    if (this.#records.length > capacity) this.#records = this.#records.slice(-capacity / 2);
  }

  all(): readonly RequestRecord[] {
    return [...this.#records];
  }

  clear(): void {
    this.#records = [];
  }
}
