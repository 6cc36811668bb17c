import { createHash } from 'node:crypto';
import type { World } from '../../lab/world/world.ts';

interface Line {
  readonly atMs: number;
  readonly kind: string;
  readonly text: string;
  readonly data?: unknown;
}

/** What happened, in order: the world's own story, what was done to it, and what the product answered. */
export class History {
  readonly lines: Line[] = [];
  readonly #world: World;
  readonly #startMs: number;

  constructor(world: World) {
    this.#world = world;
    this.#startMs = world.clock.now();
    world.onFact(({ atMs, kind, text, data }) => {
      // Metrics are noise, and events are told again when they are delivered.
      if (kind !== 'metric') this.lines.push({ atMs, kind, text, data });
    });
  }

  tell(kind: string, text: string, data?: unknown): void {
    this.lines.push({ atMs: this.#world.clock.now(), kind, text, data });
  }

  /** The same for the same history, across processes and machines. */
  digest(): string {
    const hash = createHash('sha256');
    for (const line of this.lines) hash.update(JSON.stringify(line));
    return hash.digest('hex').slice(0, 16);
  }

  /** For reading: minutes and seconds since the start, one line each, up to what went wrong. */
  toString({ reads = false }: { readonly reads?: boolean } = {}): string {
    const wrong = this.lines.findIndex(({ kind }) => kind === 'VIOLATION');
    const told = wrong === -1 ? this.lines : this.lines.slice(0, wrong + 1);
    return told
      .filter((line) => reads || !isRead(line))
      .map((line) => `${stamp(line.atMs - this.#startMs)} ${line.kind.padEnd(10)} ${line.text}${details(line)}`)
      .join('\n');
  }
}

function isRead({ kind, text }: Line): boolean {
  return kind === 'call' && (text.startsWith('Describe') || text.startsWith('List'));
}

/** `12:03.456` since the start. */
export function stamp(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const seconds = ((ms % 60_000) / 1_000).toFixed(3).padStart(6, '0');
  return `${String(minutes).padStart(2, '0')}:${seconds}`;
}

function details({ kind, data }: Line): string {
  if (data === undefined || kind === 'transition' || kind === 'fault' || kind === 'alarm') return '';
  if (kind !== 'call') return kind === 'event' ? '' : ` ${JSON.stringify(data)}`;
  const { caller, input, fault, reflectsMs, atMs, sentMs } = (data as { record: CallLine }).record;
  const age = reflectsMs === undefined || reflectsMs === atMs ? '' : ` stale=${atMs - reflectsMs}ms`;
  const late = atMs - sentMs > 2_000 ? ` sent=${atMs - sentMs}ms-ago` : '';
  const wrong = fault === undefined ? '' : ` FAULT=${fault}`;
  return ` ${caller}${wrong}${age}${late} ${inputText(input)}`;
}

interface CallLine {
  readonly caller: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly fault?: string;
  readonly reflectsMs?: number;
  readonly atMs: number;
  readonly sentMs: number;
}

/** Tags of the ledger are long; the keys that tell the story are enough. */
function inputText(input: Readonly<Record<string, unknown>>): string {
  const tags = input['Tags'] as readonly { readonly Key: string; readonly Value: string }[] | undefined;
  if (!tags) return JSON.stringify(input);
  const told = tags
    .filter(({ Key }) => !/:(version|resources|members|forced|changed-at)$/.test(Key))
    .map(({ Key, Value }) => `${Key.replace(/^.*:/, '')}=${Value}`);
  return `${JSON.stringify(input['Resources'])} {${told.join(' | ')}}`;
}
