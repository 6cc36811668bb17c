/** A line that somebody has written into a log group. */
export interface LogEvent {
  readonly atMs: number;
  readonly message: string;
}

/** Lambda writes what a function prints into the log group of its name. */
export const logGroupOf = (functionName: string): string => `/aws/lambda/${functionName}`;

/** A query that was started, and what it will find. */
interface Query {
  readonly endsMs: number;
  readonly rows: readonly LogEvent[];
}

/** Lines can be found some seconds after they were written (CloudWatch Logs User Guide, "Analyzing log data with CloudWatch Logs Insights"). */
const INGESTED_AFTER_MS = 3_000;
const QUERY_TAKES_MS = 1_200;

/** Log groups, and the queries over them. A group is there once something was written into it, or it was made. */
export class Logs {
  readonly #groups = new Map<string, LogEvent[]>();
  readonly #queries = new Map<string, Query>();

  make(group: string): void {
    if (!this.has(group)) this.#groups.set(group, []);
  }

  has(group: string): boolean {
    return this.#groups.has(group);
  }

  write(group: string, event: LogEvent): void {
    this.make(group);
    this.#groups.get(group)?.push(event);
  }

  /** What could be found at this moment in some groups, of a span of time. */
  found(groups: readonly string[], fromMs: number, toMs: number, nowMs: number): readonly LogEvent[] {
    const all = groups.flatMap((group) => this.#groups.get(group) ?? []);
    return all.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs && atMs + INGESTED_AFTER_MS <= nowMs);
  }

  start(id: string, rows: readonly LogEvent[], nowMs: number): void {
    this.#queries.set(id, { endsMs: nowMs + QUERY_TAKES_MS, rows });
  }

  /** The rows of a query, once it has come to its end; undefined where there is none of that id. */
  resultOf(id: string, nowMs: number): readonly LogEvent[] | 'running' | undefined {
    const query = this.#queries.get(id);
    return query && nowMs < query.endsMs ? 'running' : query?.rows;
  }
}
