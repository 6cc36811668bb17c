import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { onLines, spawnIn } from './shell.ts';
import { INTERNET, namespaceOf } from './topology.ts';

/** One short connection; moments in milliseconds since the epoch. */
export interface Attempt {
  readonly startMs: number;
  readonly endMs: number;
  /** Who answered; undefined when nobody did. */
  readonly host: string | undefined;
  /** Why nobody did: `silent`, `closed`, or the system's code. */
  readonly why: string | undefined;
}

/** Something that happened to one of the long connections. */
export interface LongEvent {
  readonly kind: 'kept' | 'kept-end' | 'bytes' | 'bytes-end';
  readonly atMs: number;
  /** Who answered, how many bytes there are, or why it ended. */
  readonly what: string;
}

const EVERY_MS = 4;
/** Longer than a slow answer takes. Other attempts do not wait for this one. */
const TIMEOUT_MS = 2_500;

/** The client, seen from outside: a process in the client's namespace. */
export class Prober {
  readonly attempts: Attempt[] = [];
  readonly events: LongEvent[] = [];
  /** When, and for how long, the prober itself was not let run. */
  readonly pauses: { readonly atMs: number; readonly ms: number }[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #waiting = new Set<() => void>();

  constructor(runId: string) {
    // The last one is for whoever looks at the list of processes.
    const given = [INTERNET.elasticIp, `${EVERY_MS}`, `${TIMEOUT_MS}`, namespaceOf(runId, 'client')];
    const script = [process.execPath, join(__dirname, 'prober.cjs'), ...given];
    const stdio = ['pipe', 'pipe', 'inherit'] as const;
    this.#child = spawnIn(namespaceOf(runId, 'client'), script, { stdio: [...stdio] });
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
    onLines(this.#child.stdout, (line) => this.#read(line));
  }

  /** Opens the long connections. */
  openLong(): void {
    this.#child.stdin?.write('long\n');
  }

  /** Resolves as soon as a host has answered a connection that began after a moment; false when none did in time. */
  async answered(host: string | undefined, sinceMs: number, timeoutMs: number): Promise<boolean> {
    const isIt = (attempt: Attempt | undefined): boolean =>
      attempt?.host !== undefined && attempt.startMs >= sinceMs && (host === undefined || attempt.host === host);
    return await new Promise<boolean>((resolve) => {
      const finish = (found: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      const look = (): void => {
        if (isIt(this.attempts.at(-1))) finish(true);
      };
      const timer = setTimeout(() => finish(false), timeoutMs);
      this.#waiting.add(look);
    });
  }

  /** Lets the attempts under way come to their end, and the process too. */
  async stop(): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
  }

  #read(line: string): void {
    const [kind = '', ...words] = line.split(' ');
    if (kind === 'answer' || kind === 'miss') {
      const [startMs, endMs] = [Number(words[0]), Number(words[1])];
      const isAnswer = kind === 'answer';
      this.attempts.push({
        startMs,
        endMs,
        host: isAnswer ? words[2] : undefined,
        why: isAnswer ? undefined : words[2],
      });
    } else if (kind === 'late') {
      this.pauses.push({ atMs: Number(words[0]), ms: Number(words[1]) });
    } else {
      this.events.push({ kind: kind as LongEvent['kind'], atMs: Number(words[0]), what: words[1] ?? '' });
    }
    for (const look of this.#waiting) look();
  }
}
