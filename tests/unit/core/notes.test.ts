import { decide } from '../../../lib/core/decide.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import { encodeLedger } from '../../../lib/core/ledger-codec.ts';
import { adoption, memberIds, noteOf } from '../../../lib/core/notes.ts';
import { assumedChecks, glance } from '../../../lib/core/triage.ts';
import type { Observation } from '../../../lib/core/model.ts';
import {
  A,
  attachment,
  B,
  C,
  ENI,
  ENI2,
  floating,
  inAlarm,
  instanceCheck,
  ledger,
  ledgerTags,
  member,
  moving,
  NOW,
  observation,
  settings,
  SWEEP,
} from '../../support/observation.ts';

const PREFIX = 'eni-failover-state:';

function seenWith(written: Ledger | undefined, given: Partial<Observation> = {}): Observation {
  const tags = written ? ledgerTags(written) : {};
  return observation({ interfaces: [floating(ENI, A, { tags })], ...given });
}

function noted(written: Ledger | undefined, given: Partial<Observation> = {}, tuned = {}) {
  const seen = seenWith(written, given);
  return noteOf(decide(SWEEP, seen, settings(tuned)), seen);
}

/** The tags of a note that is one write to the one interface there is. */
function tagsOf(note: ReturnType<typeof noteOf>): Readonly<Record<string, string>> | undefined {
  if (!note) return undefined;
  expect(note.writes.map(({ interfaceIds }) => interfaceIds)).toEqual([[ENI]]);
  return note.writes[0]?.tags;
}

const BLOCKED = { alarms: inAlarm(A, B) };
const BLOCK = 'holder-impaired/no-candidate';

describe('a ledger that cannot be read', () => {
  const tags = { ...ledgerTags(ledger({ pausedUntil: NOW + 60_000 })), [`${PREFIX}epoch`]: 'many' };
  const damaged = (given: Partial<Observation> = {}) =>
    noted(undefined, { interfaces: [floating(ENI, A, { tags })], ...given });

  it('should be begun anew although all is well, and say what was wrong', () => {
    const note = damaged();
    expect(tagsOf(note)).toMatchObject({
      [`${PREFIX}reason`]: 'The ledger could not be read and was begun anew.',
      [`${PREFIX}holder`]: A,
      [`${PREFIX}phase`]: 'steady',
      [`${PREFIX}epoch`]: '0',
      [`${PREFIX}condition`]: 'none',
    });
    expect(note?.news[0]).toBe(`The ledger of ${ENI} has an unreadable epoch: 'many'.`);
  });

  it('should be begun anew with what stands in the way, and leave the pause alone', () => {
    const note = damaged(BLOCKED);
    expect(tagsOf(note)?.[`${PREFIX}condition`]).toContain('holder-impaired/paused');
    expect(tagsOf(note)).not.toHaveProperty(`${PREFIX}pause`);
  });
});

describe('a note', () => {
  it('should say what stands in the way, and since when, once', () => {
    const note = noted(ledger(), BLOCKED);
    expect(tagsOf(note)).toEqual({ [`${PREFIX}condition`]: `${BLOCK} since 2026-08-20T10:00:00.000Z` });
    expect(note?.news).toHaveLength(1);
    expect(noted(ledger({ condition: { what: BLOCK, since: NOW - 1 } }), BLOCKED)).toBeUndefined();
  });

  it('should say that another thing stands in the way now', () => {
    const before = ledger({ condition: { what: 'holder-impaired/paused', since: 1 } });
    expect(tagsOf(noted(before, BLOCKED))?.[`${PREFIX}condition`]).toContain(BLOCK);
  });

  it('should say that nothing stands in the way any more', () => {
    const note = noted(ledger({ condition: { what: BLOCK, since: 1 } }));
    expect(tagsOf(note)).toEqual({ [`${PREFIX}condition`]: 'none' });
    expect(note?.news).toHaveLength(1);
  });

  it('should not be left for a healthy group that the ledger knows', () => {
    expect(noted(ledger())).toBeUndefined();
  });

  it('should set the holder right when somebody moved the group by hand', () => {
    const note = noted(ledger({ holder: B }));
    expect(tagsOf(note)).toEqual({ [`${PREFIX}holder`]: A, [`${PREFIX}phase`]: 'steady' });
    expect(note?.news).toEqual([expect.stringContaining(B)]);
  });

  it('should name members that are new, and forget silently those that are gone', () => {
    const members = [member(A), member(B), member(C)];
    const joined = noted(ledger(), { members });
    expect(tagsOf(joined)).toEqual({ [`${PREFIX}members`]: `${A} ${B} ${C}` });
    expect(joined?.news).toEqual([expect.stringContaining(C)]);
    expect(noted(ledger({ members: [A, B, C] }))).toMatchObject({ news: [] });
  });

  it('should not touch the intent of a run that is at it', () => {
    const seen = seenWith(moving(), { experience: { runId: 'other', refused: {} } });
    const note = noteOf(decide(SWEEP, seen, settings()), seen);
    const keys = (note?.writes ?? []).flatMap(({ tags }) => Object.keys(tags));
    expect(keys).not.toContain(`${PREFIX}operation`);
    expect(keys).not.toContain(`${PREFIX}phase`);
  });

  it('should begin a ledger where there is none, but only to say something', () => {
    expect(noted(undefined)).toBeUndefined();
    expect(tagsOf(noted(undefined, BLOCKED))).toMatchObject({
      [`${PREFIX}phase`]: 'steady',
      [`${PREFIX}holder`]: A,
      [`${PREFIX}members`]: `${A} ${B}`,
    });
  });
});

describe('an interface that joined the group later', () => {
  const joined = observation({
    interfaces: [
      floating(ENI, A, { tags: ledgerTags(ledger()) }),
      floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 })),
    ],
  });

  it('should be noticed at a glance', () => {
    expect(glance(joined, settings()).kind).toBe('look');
  });

  it('should be given the whole ledger, while the others keep theirs', () => {
    const note = noteOf(decide(SWEEP, joined, settings()), joined);
    expect(note?.writes).toEqual([{ interfaceIds: [ENI2], tags: encodeLedger(ledger(), PREFIX) }]);
  });
});

describe('the members worth remembering', () => {
  it('should be those that are present, in order, at most 12', () => {
    expect(memberIds([member(C), member(A), member(B, { state: 'terminated' })])).toEqual([A, C]);
    const many = Array.from({ length: 20 }, (_, i) => member(`i-${(100_000_00 + i).toString()}`));
    expect(memberIds(many)).toHaveLength(12);
  });
});

describe('a glance', () => {
  const kindOf = (seen: Observation) => glance(seen, settings()).kind;

  it.each<[string, Ledger, Partial<Observation>]>([
    ['a healthy group', ledger(), {}],
    ['a group whose standby is sick', ledger(), { checks: { [B]: instanceCheck('impaired') } }],
    ['a group without an interface', ledger(), { interfaces: [] }],
    ['a parked group', ledger(), { members: [member(A, { state: 'stopped' }), member(B, { state: 'stopped' })] }],
    ['a group whose standbys are elsewhere', ledger(), { members: [member(A), member(B, { zone: 'us-east-1b' })] }],
  ])('should be enough for %s', (_, written, given) => {
    expect(kindOf(seenWith(written, given))).toBe('quiet');
  });

  it.each<[string, Ledger | undefined, Partial<Observation>]>([
    ['a sick holder', ledger(), { alarms: inAlarm(A) }],
    ['a holder nobody can judge', ledger(), { checks: { [A]: instanceCheck('unreadable') } }],
    ['a stopped holder', ledger(), { members: [member(A, { state: 'stopped' }), member(B)] }],
    ['a move under way', moving(), {}],
    ['a condition that may be over', ledger({ condition: { what: BLOCK, since: 1 } }), {}],
    ['a ledger that names another holder', ledger({ holder: B }), {}],
    ['a new member', ledger({ members: [A] }), {}],
    ['a loose interface', ledger(), { interfaces: [floating(ENI, undefined, { tags: ledgerTags(ledger()) })] }],
    [
      'DeleteOnTermination',
      ledger(),
      {
        interfaces: [floating(ENI, attachment(ENI, A, { deleteOnTermination: true }), { tags: ledgerTags(ledger()) })],
      },
    ],
    ['a damaged ledger', ledger(), { interfaces: [floating(ENI, A, { tags: { [`${PREFIX}version`]: '9' } })] }],
    ['a sick holder without a ledger', undefined, { alarms: inAlarm(A) }],
  ])('should lead to a full look for %s', (_, written, given) => {
    expect(kindOf(seenWith(written, given))).toBe('look');
  });

  it('should tell a healthy group that has no ledger yet', () => {
    expect(kindOf(seenWith(undefined))).toBe('new');
  });

  it('should assume that members pass their checks unless they were reported as impaired', () => {
    const assumed = assumedChecks([member(A), member(B)], { [B]: instanceCheck('impaired') });
    expect([assumed[A]?.instance, assumed[B]?.instance]).toEqual(['ok', 'impaired']);
  });
});

describe('a group that is seen for the first time', () => {
  it('should get a ledger that says so', () => {
    const seen = observation();
    const { situation } = decide(SWEEP, seen, settings());
    const note = adoption(situation, seen);
    const reason = `The group was seen for the first time on ${A}.`;
    expect(note.news).toEqual([reason]);
    expect(tagsOf(note)).toMatchObject({
      [`${PREFIX}reason`]: reason,
      [`${PREFIX}holder`]: A,
      [`${PREFIX}devices`]: '11111111:1',
      [`${PREFIX}members`]: `${A} ${B}`,
    });
  });
});

describe('an operation of another run', () => {
  it('should be no condition, and leave the one there is alone', () => {
    const condition = { what: 'holder-impaired/paused', since: 1 };
    for (const written of [moving(), { ...moving(), condition }]) {
      const interfaces = [floating(ENI, undefined, { tags: ledgerTags(written) })];
      const seen = observation({ interfaces, alarms: inAlarm(A, B), experience: { runId: 'run-2', refused: {} } });
      const decision = decide(SWEEP, seen, settings());
      expect(decision.code).toBe('operation-in-progress');
      expect(noteOf(decision, seen)).toBeUndefined();
    }
  });
});

describe('who holds the group', () => {
  const tags = ledgerTags(ledger({ holder: B }));
  const keysFor = (
    first: ReturnType<typeof attachment> | undefined,
    second: ReturnType<typeof attachment> | undefined,
  ) => {
    const interfaces = [floating(ENI, first, { tags }), floating(ENI2, second, { tags })];
    const seen = observation({ interfaces });
    const { writes = [] } = noteOf(decide(SWEEP, seen, settings()), seen) ?? {};
    return writes.flatMap((write) => Object.keys(write.tags)).filter((key) => key === `${PREFIX}holder`);
  };
  const on = (interfaceId: string, instanceId: string, given = {}) =>
    attachment(interfaceId, instanceId, { deviceIndex: interfaceId === ENI ? 1 : 2, ...given });

  it('should be set right when every interface is attached to one member, and not before', () => {
    expect(keysFor(on(ENI, A), on(ENI2, A))).toHaveLength(1);
    expect(keysFor(on(ENI, A), undefined)).toEqual([]);
    expect(keysFor(on(ENI, A), on(ENI2, B))).toEqual([]);
    expect(keysFor(on(ENI, A), on(ENI2, A, { status: 'attaching' }))).toEqual([]);
    expect(keysFor(undefined, undefined)).toEqual([]);
  });

  it('should be news only when the ledger named another', () => {
    const { holder: _, ...nameless } = ledger();
    expect(tagsOf(noted(nameless))).toEqual({ [`${PREFIX}holder`]: A, [`${PREFIX}phase`]: 'steady' });
    expect(noted(nameless)?.news).toEqual([]);
    expect(tagsOf(noted(ledger({ phase: 'failed' })))).toEqual({
      [`${PREFIX}holder`]: A,
      [`${PREFIX}phase`]: 'steady',
    });
    expect(noted(ledger({ phase: 'failed' }))?.news).toEqual([]);
    expect(noted(ledger({ holder: B }))?.news).toEqual([`The group was moved by hand from ${B} to ${A}.`]);
  });

  it('should not count a member that is about to be gone', () => {
    expect(memberIds([member(C, { state: 'shutting-down' }), member(B, { state: 'terminated' }), member(A)])).toEqual([
      A,
    ]);
  });
});

describe('an interface that lacks the ledger of the others', () => {
  const second = attachment(ENI2, A, { deviceIndex: 2 });
  const written = ledgerTags(ledger());
  const writesFor = (tags: object, given: Partial<Observation> = {}) => {
    const interfaces = [floating(ENI, A, { tags: written }), floating(ENI2, second, { tags: { ...tags } })];
    const seen = observation({ interfaces, ...given });
    return noteOf(decide(SWEEP, seen, settings()), seen)?.writes.map(
      ({ interfaceIds, tags: { length: _, ...all } }) => [...interfaceIds, Object.keys(all).length],
    );
  };

  it('should get all of it, when the others get what changed, or nothing', () => {
    const keys = Object.keys(written).length - 1;
    expect(writesFor(written)).toBeUndefined();
    expect(writesFor({})).toEqual([[ENI2, keys]]);
    expect(writesFor({ ...written, [`${PREFIX}reason`]: 'other' })).toEqual([[ENI2, keys]]);
    expect(writesFor({}, BLOCKED)).toEqual([
      [ENI, 1],
      [ENI2, keys],
    ]);
  });

  it('should be left alone when it says already what the others are about to say', () => {
    const condition = { what: BLOCK, since: NOW };
    expect(writesFor(ledgerTags(ledger({ condition })), BLOCKED)).toEqual([[ENI, 1]]);
  });
});

describe('a glance at more than one thing', () => {
  const kindWith = (given: Partial<Observation>) => glance(observation(given), settings()).kind;
  const known = { tags: ledgerTags(ledger()) };

  it('should leave a parked group alone, ledger or not', () => {
    const members = [member(A, { state: 'stopped' }), member(B, { state: 'stopped' })];
    expect(kindWith({ members })).toBe('quiet');
    expect(kindWith({ members, interfaces: [floating(ENI, A, known)] })).toBe('quiet');
  });

  it('should see one interface of several that would be deleted with its holder', () => {
    const risky = attachment(ENI2, A, { deviceIndex: 2, deleteOnTermination: true });
    expect(kindWith({ interfaces: [floating(ENI, A, known), floating(ENI2, risky, known)] })).toBe('look');
  });

  it('should see that the ledger is not at rest although the holder is right', () => {
    const tags = ledgerTags(ledger({ phase: 'failed' }));
    expect(kindWith({ interfaces: [floating(ENI, A, { tags })] })).toBe('look');
  });

  it('should see what is wrong with a group whose holder is well', () => {
    const primary = attachment(ENI, A, { deviceIndex: 0 });
    expect(kindWith({ interfaces: [floating(ENI, primary, known)] })).toBe('look');
    expect(kindWith({ interfaces: [floating(ENI, A, known), floating(ENI2, undefined, known)] })).toBe('look');
  });

  it('should see a holder that is not well although nothing moves for it', () => {
    const members = [member(A, { state: 'pending' }), member(B)];
    expect(kindWith({ members, interfaces: [floating(ENI, A, known)] })).toBe('look');
    const away = [member(A, { state: 'stopped' }), member(B, { zone: 'us-east-1b' })];
    expect(kindWith({ members: away, interfaces: [floating(ENI, A, known)] })).toBe('look');
  });
});
