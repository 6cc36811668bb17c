import { assumedChecks, triage } from '../../../lib/core/first-look.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import {
  A,
  alarmOn,
  attachment,
  B,
  checks,
  ENI,
  ENI2,
  floating,
  type Given,
  inAlarm,
  instanceCheck,
  ledger,
  ledgerTags,
  member,
  NOW,
  moving,
  observation,
  settings,
} from '../../support/observation.ts';
import { recorded } from '../../support/words.ts';

const kindOf = (seen: ReturnType<typeof observation>) => triage(seen, settings()).kind;

const REST = ledger();
const known = { tags: ledgerTags(REST) };
const places = [ENI, ENI2].map(
  (id, nth) => ({ kind: 'interface', id, deviceIndex: nth + 1, networkCardIndex: 0 }) as const,
);
const both = { tags: ledgerTags(ledger({ resources: places })) };
const strayNoted = {
  tags: ledgerTags(ledger({ strays: [{ short: '22222222', at: NOW - 1_000, code: 'stray-loose' }] })),
};
const parked = { members: [member(A, { state: 'stopped' }), member(B, { state: 'stopping' })] };
const awayFrom = (state: 'running' | 'stopped') => ({
  members: [member(A, { state }), member(B, { zone: 'us-east-1b' })],
});
const unreadable = [{ id: ENI2, reason: 'odd', tags: {} }];
const on = (interfaceId: string, given = {}) => attachment(interfaceId, A, { deviceIndex: 2, ...given });

describe('a first look that leaves a group alone', () => {
  it.each<[string, Given]>([
    ['a healthy group', {}],
    ['a group whose standby is sick', { checks: { [B]: instanceCheck('impaired') } }],
    ['a group whose standbys are elsewhere', awayFrom('running')],
    ['a parked group', parked],
    ['a group without an interface', { interfaces: [] }],
    ['a group of two interfaces', { interfaces: [floating(ENI, A, both), floating(ENI2, on(ENI2), both)] }],
    ['a group whose stray is noted', { interfaces: [floating(ENI, A, strayNoted)], strays: [floating(ENI2)] }],
  ])('should do so for %s', (_, given) => {
    expect(kindOf(recorded(REST, given))).toBe('quiet');
  });

  it('should do so for a parked group without a ledger', () => {
    expect(kindOf(observation(parked))).toBe('quiet');
  });
});

describe('a first look that leads to a full one', () => {
  it.each<[string, Given]>([
    ['a sick holder', { alarms: inAlarm(A) }],
    ['a holder nobody can judge', { checks: { [A]: instanceCheck('unreadable') } }],
    ['a holder that starts', { members: [member(A, { state: 'pending' }), member(B)] }],
    ['a stopped holder', { members: [member(A, { state: 'stopped' }), member(B)] }],
    ['a sick holder whose standbys are elsewhere', awayFrom('stopped')],
    ['a loose interface', { interfaces: [floating(ENI, undefined, known)] }],
    ['a part that is loose', { interfaces: [floating(ENI, A, known), floating(ENI2, undefined, known)] }],
    ['a primary interface', { interfaces: [floating(ENI, attachment(ENI, A, { deviceIndex: 0 }), known)] }],
    [
      'an interface without the ledger of the others',
      { interfaces: [floating(ENI, A, known), floating(ENI2, on(ENI2))] },
    ],
    [
      'a ledger of another version',
      { interfaces: [floating(ENI, A, { tags: { ...known.tags, 'eni-failover-state:state': 'v9' } })] },
    ],
    [
      'a ledger that still names what is over',
      {
        interfaces: [
          floating(ENI, A, { tags: ledgerTags(ledger({ movedAt: 2, condition: { what: 'a/b', since: 1 } })) }),
        ],
      },
    ],
    [
      'an interface of the group that the ledger does not name',
      { interfaces: [floating(ENI, A, known), floating(ENI2, on(ENI2), known)] },
    ],
    ['a stray that is not noted', { strays: [floating(ENI2)] }],
    ['something that could not be understood', { unreadable }],
    ['nothing but something that could not be understood', { interfaces: [], unreadable }],
    [
      'a parked group with a ledger nobody can read',
      { ...parked, interfaces: [floating(ENI, A, { tags: { ...known.tags, 'eni-failover-state:state': 'many' } })] },
    ],
  ])('should do so for %s', (_, given) => {
    expect(kindOf(recorded(REST, given))).toBe('look');
  });

  it.each<[string, Ledger]>([
    ['a move under way', moving()],
    ['a move that failed', ledger({ phase: 'failed' })],
    ['a condition that may be over', ledger({ condition: { what: 'holder-impaired/no-candidate', since: 1 } })],
    ['another holder', ledger({ holder: B })],
    ['other members', ledger({ members: [A] })],
  ])('should do so for a ledger that names %s', (_, written) => {
    expect(kindOf(recorded(written))).toBe('look');
  });

  it.each<[string, Given]>([
    ['an interface', { interfaces: [floating(ENI, on(ENI, { deleteOnTermination: true }), known)] }],
    [
      'one of several',
      { interfaces: [floating(ENI, A, known), floating(ENI2, on(ENI2, { deleteOnTermination: true }), known)] },
    ],
  ])('should wait until %s that would be deleted with its holder is mended', (_, given) => {
    expect(kindOf(recorded(REST, given))).toBe('repair');
    expect(kindOf(recorded(REST, { ...given, alarms: inAlarm(A) }))).toBe('look');
  });

  it('should do so for a sick holder without a ledger', () => {
    expect(kindOf(observation({ alarms: inAlarm(A) }))).toBe('look');
  });
});

describe('a first look at a group that has no ledger', () => {
  it('should tell that it is new, with the facts about it', () => {
    const seen = triage(observation(), settings());
    expect(seen).toMatchObject({ kind: 'new', facts: { analysis: 'holder-healthy', holderId: A } });
  });

  it('should look at the alarms that are ours only', () => {
    const muted = { readable: true, inAlarm: [alarmOn(A, { muted: true })] } as const;
    expect(kindOf(observation({ alarms: muted }))).toBe('new');
  });
});

describe('the checks of a first look', () => {
  it('should be the reported ones, and else be assumed to say ok', () => {
    const sick = instanceCheck('impaired');
    expect(assumedChecks([member(A), member(B)], { [B]: sick, 'i-dddddddd': sick })).toEqual({
      [A]: checks({ application: 'ok' }),
      [B]: sick,
    });
  });
});
