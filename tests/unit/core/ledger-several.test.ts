import { readLedger } from '../../../lib/core/ledger-codec.ts';
import {
  A,
  alarmTrigger,
  B,
  decided,
  ENI,
  ENI2,
  floating,
  inAlarm,
  ledger,
  ledgerTags,
  NOW,
  observation,
} from '../../support/observation.ts';

const PREFIX = 'eni-failover-state:';

type Tags = Readonly<Record<string, string>>;

const without = (tags: Tags, key: string): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => name !== PREFIX + key));
const state = (values: Tags): Tags =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [PREFIX + key, value]));

describe('the ledgers of several interfaces', () => {
  const newer = ledgerTags(ledger({ epoch: 7, changedAt: NOW }));
  const older = ledgerTags(ledger({ epoch: 6, changedAt: NOW - 1 }));
  const on = (first: Tags, second: Tags) =>
    readLedger([floating(ENI, A, { tags: first }), floating(ENI2, A, { tags: second })], PREFIX);

  it.each<[what: string, first: Tags, second: Tags, epoch: number, missingOn: readonly string[]]>([
    ['the newest, on the first', newer, older, 7, [ENI2]],
    ['the newest, on the second', older, newer, 7, [ENI]],
    ['the valid one of two', { ...newer, ...state({ state: 'x' }) }, older, 6, [ENI]],
    ['the only one', {}, older, 6, [ENI]],
    ['one of two that are the same', newer, newer, 7, []],
    ['one of two that differ in a pause only', newer, { ...newer, ...state({ pause: 'none' }) }, 7, []],
    [
      'one of two that differ in the notices only',
      newer,
      { ...newer, ...state({ notes: `notices ${B}@2026-08-20T09:59:00Z` }) },
      7,
      [],
    ],
    [
      'one of two that differ in the condition',
      newer,
      { ...newer, ...state({ notes: 'condition a/b since 2026-08-20T09:59:00Z' }) },
      7,
      [ENI2],
    ],
    ['one of two, the other of which lacks a key', newer, without(newer, 'members'), 7, [ENI2]],
  ])('should be read as one: %s', (_, first, second, epoch, missingOn) => {
    expect(on(first, second)).toMatchObject({ status: 'valid', ledger: { epoch }, missingOn });
  });

  it('should be absent when no interface has one', () => {
    expect(on({}, { 'eni-failover:group': 'web' })).toEqual({ status: 'absent', ignored: [] });
    expect(readLedger([], PREFIX)).toEqual({ status: 'absent', ignored: [] });
  });

  it('should be damaged, with the faults of each, when all of them are', () => {
    const faults = [ENI, ENI2].map((id) => `The ledger of ${id} has an unreadable state: 'x'.`);
    const damaged = { ...newer, ...state({ state: 'x' }) };
    expect(on(damaged, damaged)).toEqual({ status: 'damaged', faults });
    expect(on(damaged, {})).toEqual({ status: 'damaged', faults: faults.slice(0, 1) });
  });

  it('should remember the places of the interfaces that are in the group, and of no others', () => {
    const places = state({ devices: 'interface 22222222:2@1 33333333:3 11111111:1' });
    expect(on({ ...newer, ...places }, { ...newer, ...places })).toHaveProperty('ledger.resources', [
      { kind: 'interface', id: ENI, deviceIndex: 1, networkCardIndex: 0 },
      { kind: 'interface', id: ENI2, deviceIndex: 2, networkCardIndex: 1 },
    ]);
  });
});

describe('a pause', () => {
  const until = (ms: number) => state({ pause: `until ${new Date(ms).toISOString()}` });
  const tags = ledgerTags(ledger());

  it.each<[what: string, first: Tags, second: Tags]>([
    ['on the second of two', { ...tags, ...until(NOW) }, { ...tags, ...until(NOW + 1) }],
    ['on the first of two', { ...tags, ...until(NOW + 1) }, { ...tags, ...until(NOW) }],
    ['where there is no other', { ...tags, ...until(NOW + 1) }, tags],
    ['without the word until', { ...tags, ...state({ pause: new Date(NOW + 1).toISOString() }) }, tags],
    ['where there is a ledger on the other only', until(NOW + 1), tags],
  ])('should be the longest, whichever ledger is the newest: %s', (_, first, second) => {
    const views = [floating(ENI, A, { tags: first }), floating(ENI2, A, { tags: second })];
    expect(readLedger(views, PREFIX)).toMatchObject({ status: 'valid', ledger: { pausedUntil: NOW + 1 } });
  });

  it('should hold automation up on whichever interface it stands', () => {
    const older = ledgerTags(ledger({ changedAt: NOW - 7_200_000, pausedUntil: NOW + 60_000 }));
    const interfaces = [floating(ENI, A, { tags: older }), floating(ENI2, A, { tags })];
    expect(decided(alarmTrigger(A), observation({ interfaces, alarms: inAlarm(A) })).code).toBe('paused');
  });
});
