import type { CallRecord } from '../../lab/world/hooks.ts';
import { DEFAULT_SETTINGS } from '../../lib/core/settings.ts';
import { at, only, Stage, START_MS } from '../support/stage.ts';
import { Attachments } from './attachments.ts';
import { GROUP_TAG, STATE } from './build.ts';
import { chosenFeatures } from './features.ts';
import { readMoves } from './ledger-tags.ts';
import type { Invocation } from './lambda.ts';
import { LEDGER_RULES } from './rules/ledger.ts';
import { writtenTags } from './rules/rule.ts';
import { View } from './view.ts';

/** EC2 shuts the holder down for this long; only then is the interface deleted with it. */
const SHUTTING_DOWN_MS = 8_000;
/** Every call takes as long as this, from the request to the reply. */
const CALL_MS = 20;
/** One look and one dry run of the attach end just before the end; the detach that comes next is too late. */
const BEFORE_THE_END_MS = 3 * CALL_MS + 1;
const AT_ITS_END_MS = START_MS + SHUTTING_DOWN_MS;

/**
 * An interface that is deleted with its holder, between the look and the note of a run:
 * 1. `first` hears that the holder shuts down and records its intent, the first move of the window. Its detach has to
 *    wait for EC2.
 * 2. `second` hears it, too, and looks at the group a moment before the end: it is shown the intent. It may still
 *    attach the interface, as a dry run tells it.
 * 3. The holder is terminated, and the interface goes with it.
 * 4. The detach of `second` is denied, for there is nothing left with the group's tag. Its looks at the interface
 *    alone show none, and then they are denied as well.
 * 5. `second` leaves a note on the operation it went on with: the same one, with the count as it was read.
 */
async function holderTakesItAlong() {
  const stage = new Stage({
    latencies: { shuttingDownMs: [SHUTTING_DOWN_MS, SHUTTING_DOWN_MS] },
    quirks: { detachInTransition: 'refused' },
  });
  const { world, clock } = stage;
  const { holder, interfaces } = stage.build('pair');
  const eni = at(interfaces, 0);
  bindToItsHolder(stage, eni);
  const attachments = new Attachments(world);
  world.policy = ({ action, resources }) =>
    action.startsWith('Describe') || resources.every(({ tags }) => tags[GROUP_TAG] !== undefined);
  world.terminateInstance(holder);
  const event = stage.lastEvent('EC2 Instance State-change Notification', holder);
  const runs = Promise.allSettled([
    stage.begin(event, { runId: 'first' }),
    clock.sleep(SHUTTING_DOWN_MS - BEFORE_THE_END_MS).then(() => stage.begin(event, { runId: 'second' })),
  ]);
  clock.schedule(AT_ITS_END_MS + 500, () => {
    stage.goesWrong('DescribeNetworkInterfaces', { kind: 'deny' }, 'every', 'second');
  });
  await clock.run(runs);
  const [intent, note] = [only(writesOf(stage, 'first')), only(writesOf(stage, 'second'))];
  return { stage, eni, holder, attachments, intent, note };
}

function bindToItsHolder({ world }: Stage, interfaceId: string): void {
  const before = world.interface(interfaceId);
  if (!before?.attachment) throw new Error(`${interfaceId} is not attached`);
  world.interfaces.put(interfaceId, { ...before, attachment: { ...before.attachment, deleteOnTermination: true } });
}

function callsOf({ world }: Stage, runId: string): readonly CallRecord[] {
  return world.calls.filter(({ caller }) => caller === runId);
}

function writesOf(stage: Stage, runId: string): readonly CallRecord[] {
  return callsOf(stage, runId).filter(({ action }) => action === 'CreateTags');
}

/** What the rules about the ledger say of a call, as the run that sent it could know the group. */
function judge({ stage, holder, attachments }: Awaited<ReturnType<typeof holderTakesItAlong>>, call: CallRecord) {
  const { world } = stage;
  const calls = callsOf(stage, call.caller);
  const invocation = {
    id: call.caller,
    function: 'failover',
    runId: call.caller,
    cause: { kind: 'event', detailType: 'EC2 Instance State-change Notification', instanceId: holder },
    startMs: calls[0]?.sentMs ?? 0,
    replies: calls.map((record) => ({ record, deliveredMs: record.sentMs + CALL_MS })),
    calls,
  } as unknown as Invocation;
  const view = new View(world, invocation, 'web', call.sentMs);
  const people = { muted: new Map(), warned: new Map(), garbled: new Set<string>() };
  const rest = {
    features: chosenFeatures(),
    groups: 1,
    deniedAttaches: () => false,
    skewMs: 0,
    taken: [],
    acknowledgedMs: Number.NEGATIVE_INFINITY,
  };
  const act = { world, call, invocation, view, attachments, settings: DEFAULT_SETTINGS, ...people, ...rest };
  return LEDGER_RULES.flatMap((rule) => rule(act) ?? []);
}

/** The same call with some of its tags written otherwise. */
function rewritten(call: CallRecord, tags: Readonly<Record<string, string>>): CallRecord {
  const written = call.input['Tags'] as readonly { readonly Key: string; readonly Value: string }[];
  const Tags = written.map(({ Key, Value }) => ({ Key, Value: tags[Key.slice(STATE.length)] ?? Value }));
  return { ...call, input: { ...call.input, Tags } };
}

const iso = (ms: number): string => new Date(ms).toISOString();

describe('what a run read of an interface that has vanished since', () => {
  it('should be the story told above', async () => {
    const { stage, eni, intent, note } = await holderTakesItAlong();
    const look = callsOf(stage, 'second').find(({ action }) => action === 'DescribeNetworkInterfaces');
    const alone = callsOf(stage, 'second').filter(({ input }) => JSON.stringify(input).includes('interface-id'));
    const detach = only(callsOf(stage, 'second').filter(({ action }) => action === 'DetachNetworkInterface'));
    expect(intent).toMatchObject({ outcome: 'ok' });
    expect(look?.reflectsMs).toBeGreaterThan(intent.atMs);
    expect(look?.reflectsMs).toBeLessThan(AT_ITS_END_MS);
    expect(detach).toMatchObject({ outcome: 'UnauthorizedOperation' });
    expect(detach.atMs).toBeGreaterThanOrEqual(AT_ITS_END_MS);
    expect(stage.world.interface(eni)).toBeUndefined();
    expect(alone.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'UnauthorizedOperation']);
    expect(note.sentMs).toBeGreaterThanOrEqual(at(alone, -1).atMs);
    const [begun, noted] = [writtenTags(intent), writtenTags(note)];
    expect(noted.get('state')).toMatch(/^v1 moving /);
    // But for the deadline: a run that has ended binds nobody any more.
    const operationIn = (tags: typeof noted) => tags.get('operation')?.replace(/ deadline=\S+/, '');
    expect([operationIn(noted), noted.get('moves')]).toEqual([operationIn(begun), begun.get('moves')]);
    expect(readMoves(begun.get('moves'))).toEqual([intent.sentMs]);
  });

  it('should count as read: a note on that operation begins none, and has no move to count', async () => {
    const story = await holderTakesItAlong();
    expect(judge(story, story.intent)).toEqual([]);
    expect(judge(story, story.note)).toEqual([]);
  });

  it('should not excuse a run that begins an operation without counting it', async () => {
    const story = await holderTakesItAlong();
    expect(judge(story, rewritten(story.intent, { moves: 'none' }))).toEqual(['this move is not counted']);
  });

  it('should be held against a run that forgets the move it read', async () => {
    const story = await holderTakesItAlong();
    const operation = (writtenTags(story.note).get('operation') ?? '').replace(/ id=\S+/, ' id=op-another');
    const moves = iso(story.note.sentMs).replace('.000Z', 'Z');
    const forgotten = `the move of ${iso(story.intent.sentMs)} is forgotten`;
    expect(judge(story, rewritten(story.note, { operation, moves }))).toEqual([forgotten]);
  });
});
