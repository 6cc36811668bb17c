import type { CallRecord } from '../../lab/world/hooks.ts';
import type { Instance, NetworkInterface } from '../../lab/world/model.ts';
import type { World } from '../../lab/world/world.ts';
import { GROUP_TAG } from './build.ts';
import type { Invocation, Reply } from './lambda.ts';
import { type LedgerTags, readLedgerTags } from './ledger-tags.ts';
import { isAnyListed, listOn, shortOf, togetherWith } from './belonging.ts';
import { filterValues, names, type ViewOptions } from './reads.ts';
import { alarmsOn, type Checked, checksOf, groupsOf } from './truth.ts';

/**
 * What a run could have known of one group when it sent a call: for each thing, the world as it was at the moment
 * that the run's last read of it described. Only replies that reached the run count.
 */
export class View {
  readonly group: string;
  readonly world: World;
  readonly invocation: Invocation;
  readonly sentMs: number;
  readonly #replies: readonly Reply[];
  /** Since its last observation of the group (and not before the one that came before that). */
  readonly #recent: readonly Reply[];
  readonly #base: CallRecord | undefined;
  readonly #strays: Required<ViewOptions>['strays'];
  readonly #subject: string;
  readonly #isOdd: Required<ViewOptions>['isOdd'];

  constructor(
    world: World,
    invocation: Invocation,
    group: string,
    sentMs: number,
    { strays = new Map(), subject = '', isOdd = () => false }: ViewOptions = {},
  ) {
    this.world = world;
    this.#isOdd = isOdd;
    this.#strays = strays;
    this.#subject = subject;
    this.invocation = invocation;
    this.group = group;
    this.sentMs = sentMs;
    this.#replies = invocation.replies.filter(
      ({ record, deliveredMs }) => deliveredMs <= sentMs && record.outcome === 'ok',
    );
    const looks = this.#replies.flatMap(({ record }, at) => (this.#showsGroup(record) ? [at] : []));
    this.#base = this.#replies[looks.at(-1) ?? -1]?.record;
    this.#recent = this.#since(looks, 2);
  }

  /**
   * What was read since so many looks ago; further back where that holds no read of the members. What an invocation
   * before this one left behind in the sandbox, a late repetition of a read that nobody waits for any more, looks like
   * a look of this run and is none.
   */
  #since(looks: readonly number[], back: number): readonly Reply[] {
    const replies = this.#replies.slice((looks.at(-back) ?? -1) + 1);
    const whole = back > looks.length || replies.some((reply) => this.#showsMembers(reply));
    return whole ? replies : this.#since(looks, back + 1);
  }

  /** The group's interfaces as last seen, the anchor first; undefined when the run never looked. */
  interfaces(): readonly NetworkInterface[] | undefined {
    const base = this.#base;
    if (base?.reflectsMs === undefined) return undefined;
    return this.#shownBy(base).flatMap(({ id }) => this.interface(id) ?? []);
  }

  /**
   * The interfaces that carried the group's tag in one of the last two looks: of the newest, another part may have
   * failed, and then the run goes by the one before. A stray one counts beside the others: it may join them.
   */
  taggedInterfaces(): ReadonlySet<string> {
    const tagged = this.#looks()
      .slice(-2)
      .flatMap(({ record }) => [...this.#shownBy(record), ...this.#joiningIn(record)]);
    return new Set(tagged.map(({ id }) => id));
  }

  /** One interface as last seen, by a look at the group or at itself: the last one that could be understood, if any. */
  interface(id: string): NetworkInterface | undefined {
    const shown = this.#replies.filter(({ record }) => record === this.#base || names(record, id));
    const last = shown.findLast(({ deliveredMs }) => !this.#isOdd(id, deliveredMs)) ?? shown.at(-1);
    return last && this.world.interfaces.get(id, last.record.reflectsMs);
  }

  /** Whether a read sent after a moment has shown this interface. */
  sawInterfaceSince(id: string, sinceMs: number): boolean {
    return this.#replies.some(
      ({ record }) => record.sentMs >= sinceMs && (names(record, id) || this.#showsGroup(record)),
    );
  }

  /** When the run last asked for what was to show this interface, and was answered. */
  interfaceSeenMs(id: string): number {
    const last = this.#replies.findLast(({ record }) => names(record, id) || this.#showsGroup(record));
    return last?.record.sentMs ?? Number.NEGATIVE_INFINITY;
  }

  /** When the run first saw this attachment detaching. */
  sawDetachingMs(interfaceId: string, attachmentId: string): number | undefined {
    return this.#replies.find(({ record }) => {
      if (!names(record, interfaceId) && !this.#showsGroup(record)) return false;
      const { attachment } = this.world.interfaces.get(interfaceId, record.reflectsMs) ?? {};
      return attachment?.id === attachmentId && attachment.status === 'detaching';
    })?.deliveredMs;
  }

  /** A member as last seen; undefined when it was not there, or not tagged as one. */
  member(id: string): Instance | undefined {
    const found = this.world.instances.get(id, this.#membersReadMs());
    return found && groupsOf(found).includes(this.group) ? found : undefined;
  }

  members(): readonly Instance[] {
    return this.world.instances.all(this.#membersReadMs()).filter((each) => groupsOf(each).includes(this.group));
  }

  /** The interfaces an instance had when the members were last read. */
  occupants(instanceId: string): readonly NetworkInterface[] {
    return this.world.interfaces
      .all(this.#membersReadMs())
      .filter(({ attachment }) => attachment?.instanceId === instanceId);
  }

  /** What recent reads said of an instance's status checks: each of them may be the one that was judged. */
  checks(id: string): readonly Checked[] {
    return this.#recent.flatMap(({ record }) => {
      if (record.action !== 'DescribeInstanceStatus' || record.reflectsMs === undefined) return [];
      if (!((record.input['InstanceIds'] as string[] | undefined) ?? []).includes(id)) return [];
      const instance = this.world.instances.get(id, record.reflectsMs);
      return instance ? [checksOf(instance, record.reflectsMs)] : [];
    });
  }

  /** Whether recent reads were to say something of an instance's status checks, and were not answered. */
  missedChecks(id: string): boolean {
    const sinceMs = this.#recent[0]?.deliveredMs ?? Number.POSITIVE_INFINITY;
    return this.invocation.replies.some(({ record, deliveredMs }) => {
      const isAbout = ((record.input['InstanceIds'] as string[] | undefined) ?? []).includes(id);
      const isRecent = deliveredMs >= sinceMs && deliveredMs <= this.sentMs;
      return record.action === 'DescribeInstanceStatus' && record.outcome !== 'ok' && isAbout && isRecent;
    });
  }

  /** Our alarms on an instance, by each recent read; empty when there was none. */
  alarms(id: string): readonly (readonly string[])[] {
    return this.#recent.flatMap(({ record }) =>
      record.action === 'DescribeAlarms' && record.reflectsMs !== undefined
        ? [alarmsOn(this.world, id, record.reflectsMs)]
        : [],
    );
  }

  /** The moment that the run's last look at the group described. */
  get lookedMs(): number {
    return this.#base?.reflectsMs ?? Number.NEGATIVE_INFINITY;
  }

  /** When the run asked for its last look at the group. */
  get lookSentMs(): number {
    return this.#base?.sentMs ?? Number.NEGATIVE_INFINITY;
  }

  /** The moments of its last two looks: when a part of the newest one failed, the run goes by the one before. */
  get looksMs(): readonly number[] {
    return this.#looks()
      .slice(-2)
      .flatMap(({ record }) => record.reflectsMs ?? []);
  }

  /**
   * The ledger by the last look at the group: the newest sound one of its interfaces. What was read stays read, even
   * from an interface that has vanished since.
   */
  ledger(): LedgerTags | undefined {
    const looked = this.#base ? this.#shownBy(this.#base) : [];
    const read = looked.flatMap(({ tags }) => readLedgerTags(tags) ?? []);
    const [newest] = read.sort((a, b) => b.changedAtMs - a.changedAtMs);
    if (!newest) return undefined;
    // People's words count on whichever of them they stand.
    const acknowledgedAtMs = Math.max(...read.map((each) => each.acknowledgedAtMs));
    const pauses = read.flatMap(({ pausedUntilMs }) => pausedUntilMs ?? []);
    return {
      ...newest,
      acknowledgedAtMs,
      pausedUntilMs: pauses.length > 0 ? Math.max(...pauses) : undefined,
      movesMs: newest.movesMs.filter((atMs) => atMs > acknowledgedAtMs),
    };
  }

  /** Operations that any look of this run has shown: when a part of the newest one failed, the run goes by another. */
  operationsSeen(): ReadonlySet<string> {
    const shown = this.#looks().flatMap(({ record }) => this.#shownBy(record));
    return new Set(shown.flatMap(({ tags }) => readLedgerTags(tags)?.operation?.id ?? []));
  }

  #membersReadMs(): number | undefined {
    return this.#recent.findLast((reply) => this.#showsMembers(reply))?.record.reflectsMs ?? Number.NEGATIVE_INFINITY;
  }

  #showsMembers({ record }: Reply): boolean {
    return record.action === 'DescribeInstances' && filterValues(record, `tag:${GROUP_TAG}`, [`*${this.group}*`]);
  }

  /** The interfaces that belonged to the group, as far as the call is about it, when a look was taken; the anchor first. */
  #shownBy(look: CallRecord): readonly NetworkInterface[] {
    const tagged = this.#taggedIn(look);
    const joins = this.#joiningIn(look).some(({ id }) => id === this.#subject);
    // What joins the group is given its ledger.
    const together = togetherWith(joins ? '' : this.#subject, tagged, this.#strays);
    return isAnyListed(tagged) ? together : together.filter(({ id }) => this.#wasBesideAtFirst(id));
  }

  /**
   * Where nobody has a list, those on several members are looked after on their own, and a run that began with one of
   * them does not take up what it comes across on its way. A sweep begins with its second, closer look.
   */
  #wasBesideAtFirst(id: string): boolean {
    const [first, second] = this.#looks();
    const atMs = ((this.invocation.cause.kind === 'sweep' ? second : undefined) ?? first)?.record.reflectsMs;
    const [own, other] = [this.#subject, id].map((each) => this.world.interfaces.get(each, atMs)?.attachment);
    return own === undefined || other === undefined || own.instanceId === other.instanceId;
  }

  #taggedIn({ reflectsMs }: CallRecord): readonly NetworkInterface[] {
    const tagged = this.world.interfaces.all(reflectsMs).filter(({ tags }) => tags[GROUP_TAG] === this.group);
    return tagged.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Stray interfaces with the group's tag that a look showed on the very instance that held the group. */
  #joiningIn(look: CallRecord): readonly NetworkInterface[] {
    const tagged = this.#taggedIn(look);
    const holders = new Set(togetherWith('', tagged, this.#strays).map(({ attachment }) => attachment?.instanceId));
    return tagged.filter((view) => {
      const { id, attachment } = view;
      // One that has a list of its own has joined, or does not.
      const isNew = this.#strays.has(id) && !listOn(view)?.includes(shortOf(id));
      return isNew && attachment !== undefined && holders.has(attachment.instanceId);
    });
  }

  /** The run's looks at the whole group, the newest last. */
  #looks(): readonly Reply[] {
    return this.#replies.filter(({ record }) => this.#showsGroup(record));
  }

  #showsGroup(record: CallRecord): boolean {
    return record.action === 'DescribeNetworkInterfaces' && filterValues(record, `tag:${GROUP_TAG}`, [this.group]);
  }
}
