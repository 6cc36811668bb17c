import type { CallRecord } from '../../lab/world/hooks.ts';
import { phaseIn } from './ledger-tags.ts';
import type { Invocation } from './lambda.ts';
import { writtenTags } from './rules/rule.ts';
import type { Stage } from './stage.ts';
import { GROUP_TAG } from './tag-names.ts';
import { lacksRoom } from './truth.ts';

/** A run has so long to tell what it has finished. */
const TELLS_WITHIN_MS = 2_000;
/** The same sentence, from different runs, so often within so long is a repetition. */
const REPEATED = 3;
const REPEATED_WITHIN_MS = 600_000;
/** Each run that tries says how far it came, that a person has replaced what it was at, or that it did not come to it. */
const UNFINISHED = / is interrupted: | is superseded: | had no time left for this group/;
/** Goes with each piece of news that no tag can remember. */
const RIDER = /^This could not be noted in the tags: /;

interface Headline {
  readonly atMs: number;
  readonly text: string;
  /** The process that told it. */
  readonly by: string;
}

/** What reaches people: every change is told, and the same trouble is told once. */
export class Press {
  readonly #stage: Stage;
  readonly #groupOf: (call: CallRecord) => string | undefined;
  /** What sweeps have told of each group since anything about it changed. */
  readonly #headlines = new Map<string, Headline[]>();

  constructor(stage: Stage, groupOf: (call: CallRecord) => string | undefined) {
    this.#stage = stage;
    this.#groupOf = groupOf;
    stage.world.onFact(({ kind, data }) => {
      if (kind === 'transition') this.#changed(data);
    });
  }

  judgeEnd(invocation: Invocation): readonly string[] {
    const { features } = this.#stage;
    return [
      ...(features.has('told-at-once') ? this.#untold(invocation) : []),
      ...(features.has('told-once') ? this.#repeated(invocation) : []),
    ];
  }

  /** Groups that a run has brought to an end without a word about it. A crash spares nothing. */
  #untold({ outcome, calls, told, replies, endMs = 0 }: Invocation): readonly string[] {
    if (outcome?.kind === 'crashed') return [];
    const moved = new Set(
      calls
        .filter(({ action, outcome: how }) => action === 'AttachNetworkInterface' && how === 'ok')
        .map((call) => this.#groupOf(call)),
    );
    const finished = replies.filter(({ record, deliveredMs }) => {
      const isResult =
        record.action === 'CreateTags' && record.outcome === 'ok' && deliveredMs < endMs - TELLS_WITHIN_MS;
      return isResult && phaseIn(writtenTags(record).get('state')) === 'steady';
    });
    const silent = finished
      .map(({ record }) => this.#groupOf(record))
      .filter((group) => moved.has(group) && !told.some(({ record }) => record['group'] === group));
    return [...new Set(silent)].map((group) => `has moved ${group} and tells nobody`);
  }

  #repeated({ cause, told, calls, startMs, sandbox }: Invocation): readonly string[] {
    this.#noteAcknowledged(cause);
    if (cause.kind !== 'sweep' || calls.some(isTroubled)) return [];
    // What is about no group has no ledger in which it could be remembered.
    return told
      .filter(({ record }) => record['group'] !== null)
      .flatMap(({ atMs, record }) => {
        const group = String(record['group']);
        const said = ((record['news'] ?? []) as readonly string[]).filter((text) => !UNFINISHED.test(text));
        const news = said.every((text) => RIDER.test(text)) ? said : said.filter((text) => !RIDER.test(text));
        const before = this.#headlines.get(group) ?? [];
        const recent = before.filter((each) => atMs - each.atMs < REPEATED_WITHIN_MS);
        this.#headlines.set(group, [...recent, ...news.map((text) => ({ atMs, text: untimed(text), by: sandbox.id }))]);
        // Of two runs at once neither can know what the other is about to tell: tags are no lock. Where the tags have no
        // room for it, one process cannot know what another told that has died since.
        const isNotable = !this.#lacksRoom(group);
        const known = recent.filter((each) => each.atMs < startMs && (isNotable || each.by === sandbox.id));
        const again = news.find((text) => known.filter((each) => each.text === untimed(text)).length + 1 >= REPEATED);
        return again === undefined ? [] : [`tells of ${group} again, with nothing changed: ${again}`];
      });
  }

  /** What somebody has taken the group's tag off remembers nothing for the group. */
  #lacksRoom(name: string): boolean {
    const { cast, world } = this.#stage;
    const ids = cast.groups.find((group) => group.name === name)?.interfaces ?? [];
    const tagged = ids.flatMap((id) => world.interface(id) ?? []).filter(({ tags }) => tags[GROUP_TAG] === name);
    return tagged.every(lacksRoom);
  }

  /** A person has had the noted trouble forgotten: it is told afresh. */
  #noteAcknowledged(cause: Invocation['cause']): void {
    if (cause.kind === 'request' && cause.request.action === 'acknowledge')
      this.#headlines.delete(cause.request.group ?? '');
  }

  #changed(data: Readonly<Record<string, unknown>>): void {
    const { groups } = this.#stage.cast;
    for (const { name, interfaces, members } of groups) {
      const concerned =
        interfaces.includes(String(data['interfaceId'])) || members.includes(String(data['instanceId']));
      if (concerned) this.#headlines.delete(name);
    }
  }
}

/** What cannot be written down cannot be known to have been told. */
const isTroubled = ({ action, outcome, fault }: CallRecord): boolean =>
  action === 'CreateTags' && (outcome !== 'ok' || fault !== undefined);

const untimed = (text: string): string => text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z|op-\S+/g, '…');
