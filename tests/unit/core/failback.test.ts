import { triage } from '../../../lib/core/first-look.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import type { Settings } from '../../../lib/core/settings.ts';
import { begun } from '../../../lib/core/transitions.ts';
import {
  A,
  alarmTrigger,
  attachment,
  B,
  decided,
  ENI,
  floating,
  type Given,
  inAlarm,
  intent,
  ledger,
  ledgerTags,
  member,
  MINUTE_MS,
  NOW,
  observation,
  settings,
  SWEEP,
} from '../../support/observation.ts';

const BACK = { 'eni-failover:failback': 'auto' };
const PREFERRED = { tags: { 'eni-failover:priority': '9' } };
const FIT = { instanceId: B, at: NOW - 15 * MINUTE_MS };

/** A group on A that belongs on B, with this ledger. */
function away(written: Partial<Ledger> = {}, given: Given = {}, tags: object = BACK) {
  const state = ledgerTags(ledger({ fit: FIT, ...written }));
  const members = [member(A), member(B, PREFERRED)];
  return observation({ interfaces: [floating(ENI, A, { tags: { ...state, ...tags } })], members, ...given });
}

const swept = (seen: ReturnType<typeof away>, given: Partial<Settings> = {}) =>
  decided(SWEEP, seen, { settings: given });

describe('failback', () => {
  it('should be a plain move by automation, to a member that has been fit for long enough', () => {
    expect(swept(away())).toMatchObject({
      kind: 'act',
      code: 'failback',
      reason: expect.stringMatching(/is preferred and has been fit for the group since .+\. It goes back to it\.$/),
      plan: { action: 'switchover', from: A, to: B, automatic: true, plain: true },
    });
    expect(triage(away(), settings()).kind).toBe('look');
  });

  it.each<[string, Partial<Ledger>, Given, Partial<Settings>]>([
    ['it has not been fit for long enough', { fit: { instanceId: B, at: FIT.at + 1 } }, {}, {}],
    ['another one has been', { fit: { instanceId: A, at: FIT.at } }, {}, {}],
    ['nothing is noted', { fit: undefined as never }, {}, {}],
    ['the deployment waits longer', {}, {}, { failbackAfterSeconds: 901 }],
    ['automation is paused', { pausedUntil: NOW + 1 }, {}, {}],
    ['automation is off', {}, {}, { mode: 'manual' }],
    ['the cooldown lasts', { moves: [NOW - 2, NOW - 1] }, {}, {}],
    ['it is disarmed', { disarmedAt: NOW - MINUTE_MS }, {}, {}],
    ['the preferred member fails', {}, { alarms: inAlarm(B) }, {}],
    [
      'an attachment is on its way',
      {},
      { interfaces: [floating(ENI, attachment(ENI, A, { status: 'attaching' }), { tags: BACK })] },
      {},
    ],
    ['nobody is preferred', {}, { members: [member(A), member(B)] }, {}],
  ])('should be put off where %s', (_, written, given, set) => {
    expect(swept(away(written, given), set).plan).toBeUndefined();
  });

  it('should be a failover where the holder has failed, whatever is noted', () => {
    expect(swept(away({}, { alarms: inAlarm(A) })).code).toBe('failover');
  });

  it.each([{}, { 'eni-failover:failback': 'off' }, { 'eni-failover:failback': 'yes' }])(
    'should be nothing that a group does without asking for it: %j',
    (tags) => {
      expect(swept(away({}, {}, tags)).plan).toBeUndefined();
    },
  );

  it('should be begun by sweeps only', () => {
    expect(decided(alarmTrigger(A), away()).plan).toBeUndefined();
  });
});

describe('from when on the preferred member is fit', () => {
  const notes = (seen: ReturnType<typeof away>) =>
    swept(seen).write?.writes.flatMap(({ tags }) => tags['eni-failover-state:notes'] ?? []);
  const none = { fit: undefined as never };

  it('should be noted at the first sweep that finds it so, and told to nobody', () => {
    expect(notes(away(none))).toEqual([`fit ${B}@2026-08-20T10:00:00Z`]);
    expect(swept(away(none)).write?.news).toEqual([]);
    expect(notes(away({ fit: { instanceId: B, at: NOW - 1 } }))).toBeUndefined();
  });

  it('should be forgotten once it is not, or the group is there', () => {
    expect(notes(away({}, { alarms: inAlarm(B) }))).toEqual(['unready own-alarm@2026-08-20T10:00:00Z']);
    const tags = { ...ledgerTags(ledger({ holder: B, fit: FIT })), ...BACK };
    const there = away({}, { interfaces: [floating(ENI, B, { tags })] });
    expect(notes(there)).toEqual(['none']);
    expect(triage(there, settings()).kind).toBe('look');
  });
});

describe('a group that would go back and forth', () => {
  const wentBack = ledger({
    holder: B,
    movedAt: NOW - MINUTE_MS,
    operation: intent({ action: 'switchover', automatic: true, plain: true, from: A, to: B }),
  });
  const left = (given: Partial<Parameters<typeof intent>[0]> = {}, written: Ledger = wentBack) => {
    const change = { intent: intent({ automatic: true, from: B, to: A, ...given }), reason: 'x', now: NOW };
    return begun(written, swept(away()).facts, change).disarmedAt;
  };

  it('should be disarmed by the failover that follows within the cooldown', () => {
    expect(left()).toBe(NOW);
  });

  it.each<[string, ReturnType<typeof left>]>([
    ['a person moves it', left({ automatic: false })],
    ['the cooldown has passed', left({}, { ...wentBack, movedAt: NOW - 15 * MINUTE_MS })],
    ['it had come there otherwise', left({}, { ...wentBack, operation: intent({ automatic: true, from: A, to: B }) })],
  ])('should not be where %s', (_, at) => {
    expect(at).toBeUndefined();
  });

  it('should be told of that, until a person has acknowledged it', () => {
    const disarmed = (written: Partial<Ledger>) => swept(away({ disarmedAt: NOW - MINUTE_MS, ...written })).facts;
    expect(disarmed({}).warnings).toEqual([expect.stringMatching(/^failback-disarmed: /)]);
    expect(disarmed({ acknowledgedAt: NOW }).warnings).toEqual([]);
    expect(disarmed({ acknowledgedAt: NOW }).ledger?.disarmedAt).toBeUndefined();
  });
});
