import { adoption } from '../../../lib/core/notes.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import type { AttachmentView } from '../../../lib/core/model.ts';
import {
  A,
  alarmOn,
  alarmTrigger,
  attachment,
  B,
  C,
  decided,
  ENI,
  ENI2,
  floating,
  type Given,
  inAlarm,
  instanceCheck,
  ledger,
  ledgerTags,
  member,
  moving,
  observation,
  request,
  SWEEP,
} from '../../support/observation.ts';
import { loose, recorded } from '../../support/words.ts';

const STATE = 'eni-failover-state:';

/** The write of a decision: its keys without their prefix, its news; undefined when nothing is written. */
function noted(decision: ReturnType<typeof decided>) {
  if (!decision.write) return undefined;
  const [write, ...others] = decision.write.writes;
  expect([write?.interfaceIds, others]).toEqual([[ENI], []]);
  const tags = Object.entries(write?.tags ?? {}).map(([key, value]) => [key.replace(STATE, ''), value]);
  return { tags: Object.fromEntries(tags) as Record<string, string>, news: decision.write.news };
}
const swept = (written: Ledger, given: Given = {}) => noted(decided(SWEEP, recorded(written, given)));

const BOTH_SICK: Given = { alarms: inAlarm(A, B) };
const BLOCK = 'holder-impaired/no-candidate';
const sentence = `The holder ${A} has the alarm 'eni-failover/web/${A}' in ALARM. No member can take over.`;
const noticed = (what: string, since = 1_000) => ledger({ condition: { what, since } });

describe('the note of mute rules that may not be read', () => {
  const reason = 'cloudwatch:ListAlarmMuteRules is denied';
  const inQuestion = (mayPass: boolean): Given => ({
    alarms: { readable: true, inAlarm: [alarmOn(A, { muted: 'unknown' })] },
    missing: [{ source: 'mutes', reason, mayPass }],
  });

  it('should be told once, with what is denied', () => {
    expect(swept(ledger(), inQuestion(false))?.news).toEqual([
      expect.stringContaining(`could not be read. (${reason})`),
    ]);
    const what = 'holder-unknown/holder-unknown';
    expect(swept(noticed(what), inQuestion(false))).toBeUndefined();
  });

  it('should not be made where the read may be answered yet', () => {
    expect(swept(ledger(), inQuestion(true))).toBeUndefined();
  });
});

describe('the note of what stands in the way', () => {
  it('should say what it is and since when, and tell a person, once', () => {
    const notes = `condition ${BLOCK} since 2026-08-20T10:00:00Z`;
    expect(swept(ledger(), BOTH_SICK)).toEqual({ tags: { notes }, news: [sentence] });
    expect(swept(noticed(BLOCK), BOTH_SICK)).toBeUndefined();
  });

  it('should say that another thing stands in the way now, and keep the time of the trouble itself', () => {
    expect(swept(noticed('holder-impaired/paused'), BOTH_SICK)).toEqual({
      tags: { notes: `condition ${BLOCK} since 1970-01-01T00:00:01Z` },
      news: [sentence],
    });
    expect(swept(noticed('interface-unattached/paused'), BOTH_SICK)?.tags).toEqual({
      notes: `condition ${BLOCK} since 2026-08-20T10:00:00Z`,
    });
  });

  it('should say that nothing stands in the way any more', () => {
    expect(swept(noticed(BLOCK))).toEqual({
      tags: { notes: 'none' },
      news: [`The holder ${A} passes its status checks and no alarm counts against it.`],
    });
  });

  it('should be cleared away without a word once the group was moved since, or a person acknowledged it', () => {
    for (const since of [{ movedAt: 1_000 }, { acknowledgedAt: 1_000 }])
      expect(swept({ ...noticed(BLOCK), ...since })).toEqual({ tags: { notes: 'none' }, news: [] });
  });

  it('should not be left for a healthy group that the ledger knows', () => {
    expect(swept(ledger())).toBeUndefined();
  });

  it.each([
    ['a person’s question', request({ action: 'status' })],
    ['a person’s request', request()],
    ['a person’s plan', request({ action: 'plan' })],
    ['the question of readiness', { kind: 'if-holder-failed' } as const],
    ['an event about another member', alarmTrigger(C)],
  ])('should not be left by %s', (_, trigger) => {
    expect(decided(trigger, recorded(noticed('holder-impaired/paused'), BOTH_SICK)).write).toBeUndefined();
  });

  it('should not be unsaid by an event that cannot tell whether the interface is loose on purpose', () => {
    const seen = loose(noticed('interface-unattached/no-candidate'), BOTH_SICK);
    const { code, write } = decided(alarmTrigger(B), seen);
    expect([code, write]).toEqual(['unattached-unconfirmed', undefined]);
  });

  it('should not be unsaid by a look that cannot tell whether anybody can take over', () => {
    const missing = [{ source: 'status', reason: 'it was denied', mayPass: false }] as const;
    const unread: Given = { alarms: inAlarm(A), checks: { [B]: undefined }, missing };
    const { code, write } = decided(SWEEP, recorded(noticed(BLOCK), unread));
    expect([code, write]).toEqual(['candidates-unknown', undefined]);
    expect(swept(noticed('holder-impaired/paused'), unread)?.tags).toEqual({
      notes: 'condition holder-impaired/candidates-unknown since 1970-01-01T00:00:01Z',
    });
  });

  it('should leave the operation of another run alone, and what was noted before it', () => {
    const condition = { what: 'holder-impaired/paused', since: 1_000 };
    for (const written of [moving(), { ...moving(), condition }]) {
      const { code, write } = decided(SWEEP, loose(written, BOTH_SICK));
      expect([code, write]).toEqual(['operation-in-progress', undefined]);
    }
  });
});

describe('the note of who holds the group', () => {
  const { holder: _, ...nameless } = ledger();
  const onA = { state: `v1 steady holder=${A} epoch=3 changed=2026-08-20T09:00:00Z moved=none` };

  it.each<[string, Ledger, readonly string[]]>([
    ['another, which is news', ledger({ holder: B }), [`The group was moved by hand from ${B} to ${A}.`]],
    [
      'another, and an operation that failed',
      ledger({ holder: B, phase: 'failed' }),
      [`The group was moved by hand from ${B} to ${A}.`],
    ],
    ['nobody', nameless, []],
    ['the right one, and an operation that failed', ledger({ phase: 'failed' }), []],
  ])('should set the ledger right that names %s', (__, written, news) => {
    expect(swept(written)).toEqual({ tags: onA, news });
  });

  const second = (given: Partial<AttachmentView> = {}, on: string = A) =>
    attachment(ENI2, on, { deviceIndex: 2, ...given });
  it.each<[string, AttachmentView | undefined, AttachmentView | undefined, boolean]>([
    ['everything is attached to one member', attachment(ENI, A), second(), true],
    ['a part is loose', attachment(ENI, A), undefined, false],
    ['it is split', attachment(ENI, A), second({}, B), false],
    ['a part is still arriving', attachment(ENI, A), second({ status: 'attaching' }), false],
    ['nothing is attached', undefined, undefined, false],
  ])('should be left when, and only when, the group is at rest: %s', (__, first, other, expected) => {
    const tags = ledgerTags(ledger({ holder: B }));
    const { write } = decided(
      SWEEP,
      observation({ interfaces: [floating(ENI, first, { tags }), floating(ENI2, other, { tags })] }),
    );
    const keys = (write?.writes ?? []).flatMap((each) => Object.keys(each.tags));
    expect(keys.includes(`${STATE}state`)).toBe(expected);
  });

  it('should not touch the intent of a run that is at it', () => {
    const { code, write } = decided(SWEEP, recorded({ ...moving(), holder: B }), { memory: { runId: 'other' } });
    expect([code, write]).toEqual(['operation-in-progress', undefined]);
  });
});

describe('the note of the members', () => {
  it('should name those that are new', () => {
    const members = [member(A), member(B), member(C)];
    expect(swept(ledger(), { members })).toEqual({
      tags: { members: `${A} ${B} ${C}` },
      news: [`${C} is a new member of the group and may receive its interfaces.`],
    });
  });

  it.each<[string, Given]>([
    ['untagged', { members: [member(A), member(B)] }],
    ['terminated', { members: [member(A), member(B), member(C, { state: 'terminated' })] }],
  ])('should silently forget those that are %s', (_, given) => {
    expect(swept(ledger({ members: [A, B, C] }), given)).toEqual({ tags: { members: `${A} ${B}` }, news: [] });
  });

  it('should come with the others in one write', () => {
    const note = swept(ledger({ holder: B, members: [A] }), BOTH_SICK);
    expect(Object.keys(note?.tags ?? {})).toEqual(['notes', 'state', 'members']);
    expect(note?.news).toEqual([
      sentence,
      `The group was moved by hand from ${B} to ${A}.`,
      `${B} is a new member of the group and may receive its interfaces.`,
    ]);
  });
});

/** A group without a ledger. */
const unknown = (given: Given = {}) => observation(given);

describe('the first ledger of a group', () => {
  const begun = {
    state: `v1 steady holder=${A} epoch=0 changed=2026-08-20T10:00:00Z moved=none`,
    operation: 'none',
    moves: 'none',
    devices: 'interface 11111111:1',
    members: `${A} ${B}`,
    notes: 'none',
  };

  it('should be begun by the sweep that first sees it well, and name the members', () => {
    const reason = `The group was seen for the first time on ${A}.`;
    const decision = decided(SWEEP, unknown());
    expect(noted(decision)).toEqual({ tags: { ...begun, reason }, news: [reason] });
    expect(adoption(decision.facts)).toEqual(decision.write);
  });

  it('should say what stands in the way, and not call the members new', () => {
    expect(noted(decided(SWEEP, unknown(BOTH_SICK)))).toEqual({
      tags: {
        ...begun,
        reason: `The holder ${A} has the alarm eni-failover/web/${A} in ALARM. No member can take over.`,
        notes: `condition ${BLOCK} since 2026-08-20T10:00:00Z`,
      },
      news: [sentence],
    });
  });

  it('should not be begun without a word to say', () => {
    expect(decided(alarmTrigger(A), unknown()).write).toBeUndefined();
    expect(decided(SWEEP, unknown({ checks: { [A]: instanceCheck('insufficient-data') } })).write).toBeUndefined();
    expect(decided(alarmTrigger(C), unknown(BOTH_SICK)).write).toBeUndefined();
  });

  it('should be written to an interface that cannot be understood, too', () => {
    const odd = [
      { id: ENI2, reason: 'odd', tags: {} },
      { id: C, reason: 'odd', tags: {} },
    ];
    const { write } = decided(SWEEP, unknown({ unreadable: odd }));
    expect(write?.writes.map(({ interfaceIds }) => interfaceIds)).toEqual([[ENI, ENI2]]);
    expect(write?.writes[0]?.tags[`${STATE}notes`]).toContain('group-unreadable/group-unreadable');
    expect(write?.news).toEqual([
      `${ENI2} could not be read (odd); ${C} could not be read (odd). Nothing is moved on a guess.`,
    ]);
  });
});
