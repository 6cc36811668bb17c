import { isDeepStrictEqual } from 'node:util';
import { CODES } from '../lib/core/codes.ts';
import { looseMs } from './loose.ts';
import { type Case, type Expectation, membersFor } from './model.ts';
import { tellMoment } from './moments.ts';
import type { Place, Played } from './play.ts';
import { filledIn, textsIn } from './text.ts';

type Of<Name extends Expectation['expected']> = Extract<Expectation, { readonly expected: Name }>['given'];

/** Compares what came of a case with what was expected. @returns one sentence for each expectation that was not met. */
export function judge(given: Case, played: Played): readonly string[] {
  const judged = new Judge(given, played);
  return given.expect.flatMap((each) => judged.faultsOf(each));
}

class Judge {
  readonly #case: Case;
  readonly #played: Played;
  readonly #names: ReadonlyMap<string, string>;

  constructor(given: Case, played: Played) {
    this.#case = given;
    this.#played = played;
    this.#names = new Map([...played.ids].map(([name, id]) => [id, name]));
  }

  faultsOf({ expected, given, byMs }: Expectation): readonly string[] {
    const { untilMs } = this.#case;
    switch (expected) {
      case 'holder':
        return this.#each(given, (name, want) =>
          this.#attachedAt(name, want, byMs ?? untilMs, `at ${tellMoment(byMs ?? untilMs)}`),
        );
      case 'end':
        return this.#each(given, (name, want) => this.#attachedAt(name, want, untilMs, 'at the end'));
      case 'never':
        return this.#each(given, (name, want) => this.#never(name, want));
      case 'stays':
        return this.#each(given, (name, want) => this.#stays(name, want));
      case 'looseAtMost': {
        const was = looseMs(this.#played.places, untilMs);
        return was > given ? [`loose for at most ${tellMoment(given)}, was ${tellMoment(was)}`] : [];
      }
      case 'alarms':
        return this.#alarms(given);
      case 'calls':
        return this.#calls(given);
      case 'answer':
        return this.#answer(given);
      case 'threw':
        return this.#threw(given);
      case 'queued': {
        const { queued } = this.#played;
        return queued > given ? [`at most ${given} queued, was ${queued}`] : [];
      }
      case 'said':
        return this.#said(given);
    }
  }

  #each(
    given: Readonly<Record<string, string | null>>,
    check: (name: string, want: string | null) => string | undefined,
  ) {
    return Object.entries(given).flatMap(([name, want]) => check(name, want) ?? []);
  }

  #attachedAt(name: string, want: string | null, atMs: number, when: string): string | undefined {
    const attachment = this.#places(name).findLast(({ fromMs }) => fromMs <= atMs)?.attachment;
    const isAttached = attachment?.status === 'attached';
    const fits = want === null ? !isAttached : isAttached && this.#isOne(name, want, attachment.instanceId);
    return fits ? undefined : `${name} on ${tell(want)} ${when}, was ${this.#where(attachment)}`;
  }

  #never(name: string, want: string | null): string | undefined {
    const there = this.#places(name).find(
      ({ attachment }) => attachment !== undefined && this.#isOne(name, want, attachment.instanceId),
    );
    return (
      there && `${name} never on ${tell(want)}, was ${this.#where(there.attachment)} at ${tellMoment(there.fromMs)}`
    );
  }

  #stays(name: string, want: string | null): string | undefined {
    const gone = this.#places(name).find(
      ({ attachment }) => attachment?.status !== 'attached' || !this.#isOne(name, want, attachment.instanceId),
    );
    return gone && `${name} stays on ${tell(want)}, was ${this.#where(gone.attachment)} at ${tellMoment(gone.fromMs)}`;
  }

  /** The alarms at the end whose names begin with the deployment's prefix. */
  #alarms(given: Of<'alarms'>): readonly string[] {
    const { ids, startMs, alarms } = this.#played;
    const wanted = [...filledIn(given, ids, startMs)].sort();
    const isSame = isDeepStrictEqual(wanted, [...alarms].sort());
    return isSame ? [] : [`the alarms ${wanted.join(', ') || 'none'}, were ${alarms.join(', ') || 'none'}`];
  }

  #calls(given: Of<'calls'>): readonly string[] {
    return Object.entries(given).flatMap(([action, most]) => {
      const count = callsOf(this.#played)[action] ?? 0;
      return count > most ? [`at most ${most} ${action}, was ${count}`] : [];
    });
  }

  #answer({ as, where }: Of<'answer'>): readonly string[] {
    const { answers, ids, startMs } = this.#played;
    if (!Object.hasOwn(answers, as)) return [`an answer to ${as}, was none before the end`];
    const wanted = filledIn(where, ids, startMs + this.#case.untilMs);
    return Object.entries(wanted).flatMap(([path, want]) => {
      const was = valueAt(answers[as], path);
      return isDeepStrictEqual(was, want) ? [] : [`${as}: ${path} = ${JSON.stringify(want)}, was ${told(was)}`];
    });
  }

  #threw(most: number): readonly string[] {
    const errors = this.#played.invocations.flatMap(({ outcome }) => (outcome && !outcome.ok ? [outcome] : []));
    const [first] = errors;
    if (errors.length <= most || first === undefined) return [];
    return [`at most ${most} threw, was ${errors.length}: ${first.errorType}: ${first.errorMessage}`];
  }

  #said(code: string): readonly string[] {
    const { invocations, records } = this.#played;
    const returned = invocations.flatMap(({ outcome }) => (outcome?.ok ? [outcome.payload] : []));
    // A warning begins with its code.
    const said = new Set([...returned, ...records].flatMap(wordsIn).flatMap((text) => [text, text.split(': ')[0]]));
    const codes = CODES.map((row) => row.code).filter((each) => said.has(each));
    return said.has(code) ? [] : [`said ${code}, was ${[...new Set(codes)].join(', ') || 'nothing'}`];
  }

  /** Whether an instance is the one that is meant; `any` is some member of the interface's group. */
  #isOne(name: string, want: string | null, instanceId: string): boolean {
    const is = this.#names.get(instanceId);
    if (is === undefined) return false;
    return want === 'any' ? membersFor(this.#case, name).includes(is) : is === want;
  }

  #places(name: string): readonly Place[] {
    return this.#played.places.get(name) ?? [];
  }

  #where(attachment: Place['attachment']): string {
    if (attachment === undefined) return 'on nobody';
    const name = this.#names.get(attachment.instanceId) ?? attachment.instanceId;
    return attachment.status === 'attached' ? `on ${name}` : `${attachment.status} on ${name}`;
  }
}

/** How often the functions called each action, accepted or refused. A dry run is no call. */
export function callsOf({ calls }: Pick<Played, 'calls'>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { action, input } of calls) {
    if (input['DryRun'] !== true) counts[action] = (counts[action] ?? 0) + 1;
  }
  return counts;
}

/** Who holds each interface at the end: the name of an instance, or nobody. */
export function holdersOf(given: Case, { places, ids }: Played): Readonly<Record<string, string | null>> {
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  return Object.fromEntries(
    [...places].map(([name, history]) => {
      const last = history.findLast(({ fromMs }) => fromMs <= given.untilMs)?.attachment;
      const holder = last?.status === 'attached' ? (names.get(last.instanceId) ?? last.instanceId) : null;
      return [name, holder];
    }),
  );
}

/** What a path such as `groups[0].code` leads to; undefined where it leads nowhere. */
function valueAt(value: unknown, path: string): unknown {
  const keys = path.split(/[.[\]]/).filter((key) => key !== '');
  return keys.reduce<unknown>((inner, key) => {
    const isOpen = typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key);
    return isOpen ? (inner as Record<string, unknown>)[key] : undefined;
  }, value);
}

/** Every text in a result: its codes are among them, wherever they stand. */
function wordsIn(value: unknown): readonly string[] {
  return textsIn(value, '').map(([, text]) => text);
}

function tell(want: string | null): string {
  return want === null ? 'nobody' : want === 'any' ? 'some member' : want;
}

function told(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
