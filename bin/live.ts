import type { Step } from '../lib/app.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import type { Naming } from './names.ts';
import { seconds, stepLine, stepWords } from './render-result.ts';
import type { Terminal } from './terminal.ts';

/** What a person sees of a move while it is under way: a line for each step, and how long it has been going on. */
export interface Live {
  /** Takes what the engine tells of a step. */
  readonly onStep: (step: Step, phase: 'begun' | 'ended', sinceMs: number) => void;
  /** What has ended, and what has begun and not ended, in words: for whoever stops in the middle. */
  progress(): { readonly done: readonly string[]; readonly open: readonly string[] };
  stop(): void;
}

const TICK_MS = 100;
const CLEAR_LINE = '\r\u001B[2K';

/** Begins to show a move. On a terminal the last line shows what is under way, and for how long. */
export function showLive({ err }: Terminal, naming: Naming, waiting: string, clock: Clock = systemClock): Live {
  const startedAt = clock.now();
  const open: Step[] = [];
  const done: Step[] = [];
  const ended = new AbortController();
  const clear = (): void => {
    if (err.isTty) err.write(CLEAR_LINE);
  };
  const tick = (): void => {
    const [current] = open;
    const what = current ? stepWords(current, 'under way', naming) : waiting;
    const line = `${seconds(clock.now() - startedAt).padStart(8)}  … ${what}`;
    err.write(`${CLEAR_LINE}${line.slice(0, err.width - 1)}`);
  };
  if (err.isTty) void repeat(clock, tick, ended.signal);
  return {
    onStep(step, phase, sinceMs) {
      if (phase === 'begun') return void open.push(step);
      const at = open.findIndex((each) => isSame(each, step));
      if (at !== -1) open.splice(at, 1);
      done.push(step);
      clear();
      err.write(`${stepLine(step, sinceMs, naming, err)}\n`);
    },
    progress: () => ({
      done: done.filter(({ result }) => result === 'done').map((step) => stepWords(step, 'done', naming)),
      open: open.map((step) => stepWords(step, 'under way', naming)),
    }),
    stop() {
      ended.abort();
      clear();
    },
  };
}

const isSame = (a: Step, b: Step): boolean =>
  a.kind === b.kind && a.resource.id === b.resource.id && a.instanceId === b.instanceId;

async function repeat(clock: Clock, tick: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    tick();
    await clock.sleep(TICK_MS, signal).catch(() => undefined);
  }
}
