import type { Ledger } from '../../../lib/core/ledger.ts';
import type { Trigger } from '../../../lib/core/model.ts';
import {
  A,
  alarmOn,
  alarmTrigger,
  attachment,
  B,
  C,
  checks,
  decided,
  ENI,
  ENI2,
  floating,
  type Given,
  inAlarm,
  ledger,
  ledgerTags,
  member,
  moving,
  NOW,
  observation,
  request,
  settings,
  SWEEP,
  T3_SMALL,
} from '../../support/observation.ts';
import { outcome, passedOver } from '../../support/words.ts';

/** What a healthy member serves of a group that is not whole stays with it. */

const MINUTE_MS = 60_000;
const trio = [member(A), member(B), member(C)];
const excluded = { 'eni-failover:exclude': 'true' };
const on = (id: string, holder: string | undefined, written: Ledger) =>
  floating(id, holder && attachment(id, holder, { deviceIndex: id === ENI ? 1 : 2 }), { tags: ledgerTags(written) });
const parts = (anchor: string | undefined, follower: string | undefined, written: Ledger, given: Given = {}) =>
  observation({ members: trio, interfaces: [on(ENI, anchor, written), on(ENI2, follower, written)], ...given });
const LONG_LOOSE = ledger({
  condition: { what: 'interface-unattached/unattached-unconfirmed', since: NOW - MINUTE_MS },
});
const swept = (anchor: string | undefined, follower: string | undefined, given: Given = {}, written = LONG_LOOSE) =>
  decided(SWEEP, parts(anchor, follower, written, given));
const MUTED = { readable: true, inAlarm: [{ ...alarmOn(A), muted: true }] } as const;
const initializing = (...ids: readonly string[]) =>
  Object.fromEntries(ids.map((id) => [id, checks({ instance: 'initializing' })]));
const full = [0, 1, 3].map((deviceIndex) => ({ interfaceId: `eni-${deviceIndex}`, deviceIndex, networkCardIndex: 0 }));

describe('a loose part of a group whose rest is served', () => {
  const a = (given: Parameters<typeof member>[1]): Given => ({ members: [member(A, given), member(B), member(C)] });

  it.each<[string, Given]>([
    ['is excluded', a({ tags: excluded })],
    ['is initializing', { checks: { [A]: checks({ instance: 'initializing' }) } }],
    ['has a muted alarm', { alarms: MUTED }],
    ['is well', {}],
  ])('should go to the holder of the rest when that %s', (_, given) => {
    expect(outcome(swept(A, undefined, given))).toBe(`attach to ${A}`);
    expect(outcome(swept(undefined, A, given))).toBe(`attach to ${A}`);
  });

  it('should go nowhere when the holder of the rest is full: what that serves stays', () => {
    for (const seen of [swept(A, undefined, a({ slots: full })), swept(undefined, A, a({ slots: full }))]) {
      expect(seen).toMatchObject({ code: 'no-candidate', reason: expect.stringContaining(`${A} serves the rest`) });
      expect(passedOver(seen)).toEqual([`${A} no-free-slot`, `${B} holder-serves`, `${C} holder-serves`]);
    }
  });

  describe('once its holder has been full for long', () => {
    const since = (ageMs: number, more: Partial<Ledger> = {}) => {
      const condition = { what: 'interface-unattached/no-candidate', since: NOW - ageMs };
      return ledger({ condition, ...more });
    };
    const QUARTER_MS = 15 * MINUTE_MS;
    const crowded = a({ slots: [...full, { interfaceId: 'eni-2', deviceIndex: 2, networkCardIndex: 0 }] });
    const THIRD = 'eni-33333333';
    const FOUR = { ...T3_SMALL, maxInterfaces: 4, cards: [{ index: 0, maxInterfaces: 4 }] };
    /** A group of three, of which a member serves one. */
    const three = (
      first: string | undefined,
      second: string | undefined,
      given: Given,
      written: Ledger,
      third?: string,
    ) => {
      const seen = parts(first, second, written, given);
      const more = floating(THIRD, third && attachment(THIRD, third, { deviceIndex: 3 }), {
        tags: ledgerTags(written),
      });
      return { ...seen, limits: { 't3.small': FOUR }, interfaces: [...seen.interfaces, more] };
    };

    it.each<[what: string, given: Given, written: Ledger, expected: string]>([
      ['when a quarter of an hour is over', crowded, since(QUARTER_MS), `failover to ${B}`],
      ['not a moment sooner', crowded, since(QUARTER_MS - 1), 'no-candidate'],
      ['not in the cooldown', crowded, since(QUARTER_MS, { moves: [NOW - 2, NOW - 1] }), 'cooldown'],
      ['not in a pause', crowded, since(QUARTER_MS, { pausedUntil: NOW + 1 }), 'paused'],
      ['but after one', crowded, since(QUARTER_MS, { pausedUntil: NOW - 1 }), `failover to ${B}`],
      ['not to a last resort', { ...crowded, checks: initializing(B, C) }, since(QUARTER_MS), 'no-candidate'],
    ])('should go to a member that takes all of it: %s', (_, given, written, expected) => {
      expect(outcome(decided(SWEEP, three(A, undefined, given, written)))).toBe(expected);
      expect(outcome(decided(SWEEP, three(undefined, A, given, written)))).toBe(expected);
    });

    it('should not in manual mode, nor for a person who names nobody', () => {
      const tags = { ...ledgerTags(since(QUARTER_MS)), 'eni-failover:mode': 'manual' };
      const seen = three(A, undefined, crowded, LONG_LOOSE);
      const interfaces = seen.interfaces.map((view) => ({ ...view, tags }));
      expect(outcome(decided(SWEEP, { ...seen, interfaces }))).toBe('mode-manual');
      const written = three(A, undefined, crowded, since(QUARTER_MS));
      expect(outcome(decided(request(), written))).toBe('no-candidate');
    });

    it('should not while it serves the larger part, or half', () => {
      const written = since(QUARTER_MS);
      expect(outcome(decided(SWEEP, three(A, undefined, crowded, written, A)))).toBe('no-candidate');
      expect(outcome(decided(SWEEP, parts(A, undefined, written, crowded)))).toBe('no-candidate');
    });

    it('should not for as long as the cooldown is set to', () => {
      const tuned = { settings: settings({ cooldownSeconds: 1_800 }) };
      const seen = (ageMs: number) => decided(SWEEP, three(A, undefined, crowded, since(ageMs)), tuned);
      expect([outcome(seen(1_799_999)), outcome(seen(1_800_000))]).toEqual(['no-candidate', `failover to ${B}`]);
    });
  });

  it.each<[string, Given, Trigger, string]>([
    ['has failed', { alarms: inAlarm(A) }, alarmTrigger(A), `failover to ${B}`],
    ['is stopped', a({ state: 'stopped' }), SWEEP, `failover to ${B}`],
  ])('should take the rest along elsewhere when the holder of that %s', (_, given, trigger, expected) => {
    expect(outcome(decided(trigger, parts(A, undefined, LONG_LOOSE, given)))).toBe(expected);
  });

  it('should be attached anew to the holder of the rest when it hangs on its way there', () => {
    const hanging = attachment(ENI2, A, { deviceIndex: 2, status: 'attaching', attachedAt: NOW - MINUTE_MS });
    const interfaces = [floating(ENI, A, { tags: ledgerTags(ledger()) }), floating(ENI2, hanging)];
    const { plan } = decided(SWEEP, observation({ members: trio, interfaces }));
    expect(plan).toMatchObject({
      action: 'attach',
      to: A,
      resources: [{ id: ENI }, { id: ENI2, enter: {}, leave: {} }],
    });
  });

  it('should go to a failed holder of the rest once automation has taken as much off members as it may', () => {
    const spent = { ...LONG_LOOSE, moves: [NOW - 2, NOW - 1] };
    expect(outcome(swept(A, undefined, { alarms: inAlarm(A) }, spent))).toBe(`attach to ${A}`);
    const crowded = { alarms: inAlarm(A), ...a({ slots: full }) };
    expect(outcome(swept(A, undefined, crowded, spent))).toBe('cooldown');
    expect(outcome(decided(request(), parts(A, undefined, spent, crowded)))).toBe(`failover to ${B}`);
  });
});

describe('a move of which the new holder refuses a part', () => {
  const OWN = { runId: 'run-1' };
  const noSlot = { interfaceId: ENI2, reason: 'no slot' };
  const refused = { ...OWN, refused: { [B]: noSlot } };
  const stopped = { members: [member(A, { state: 'stopped' }), member(B), member(C)] };

  it.each<[string, string | undefined, string | undefined]>([
    ['the anchor', B, undefined],
    ['the follower', undefined, B],
  ])('should leave what it serves with it: %s', (_, anchor, follower) => {
    const memory = anchor ? refused : { ...OWN, refused: { [B]: { ...noSlot, interfaceId: ENI } } };
    const seen = decided(SWEEP, parts(anchor, follower, moving(), stopped), { memory });
    expect(seen).toMatchObject({
      code: 'no-candidate',
      reason: expect.stringContaining(`what ${B} serves stays there`),
    });
    expect(seen.reason).toContain('no slot');
    expect(seen.plan).toBeUndefined();
  });

  it('should not be called served as long as it is on its way', () => {
    const memory = { ...OWN, stuck: { [B]: 'the attach of it came undone' } };
    const seen = parts(B, undefined, moving(), stopped);
    const [anchor, ...rest] = seen.interfaces;
    const coming = { ...anchor, attachment: { ...anchor?.attachment, status: 'attaching' } } as typeof anchor;
    const interfaces = [...(coming ? [coming] : []), ...rest];
    const members = [member(A, { state: 'stopped' }), member(B)];
    const { reason } = decided(SWEEP, { ...seen, members, interfaces }, { memory });
    expect(reason).toContain(`an attach to ${B} is under way`);
  });

  it('should not go back to a member that is off while one that runs, sick as it is, has a part', () => {
    const sick = { members: [member(A, { state: 'stopped' }), member(B)], alarms: inAlarm(B) };
    expect(outcome(decided(SWEEP, parts(B, undefined, moving(), sick), { memory: OWN }))).toBe(`complete to ${B}`);
  });

  it('should go back to a member that is off only when nobody who runs takes any of it', () => {
    const nobody = { members: [member(A, { state: 'stopped' }), member(B)] };
    const seen = parts(undefined, undefined, moving(), nobody);
    const some = decided(SWEEP, seen, { memory: refused });
    expect(outcome(some)).toBe(`complete to ${B}`);
    expect(some.plan?.resources).toEqual([
      { kind: 'interface', id: ENI, enter: { deviceIndex: 1, networkCardIndex: 0 } },
      { kind: 'interface', id: ENI2, left: true },
    ]);
    const none = { ...OWN, refused: { [B]: { ...noSlot, others: [ENI] } } };
    expect(outcome(decided(SWEEP, seen, { memory: none }))).toBe(`roll-back to ${A}`);
  });

  it.each<[string, number, string]>([
    ['leaves it to the run whose move it is', NOW, 'operation-in-progress'],
    ['takes all of it elsewhere, once that run is over', NOW + MINUTE_MS, `complete to ${C}`],
  ])('should stay there when a part hangs there, and another run that has waited for it %s', (_, now, expected) => {
    const memory = { runId: 'run-2', stuck: { [B]: 'the attach to it does not end' }, overdue: [`eni-attach-${ENI2}`] };
    const written = moving({ deadlineAt: NOW + MINUTE_MS / 2 });
    expect(outcome(decided(SWEEP, parts(B, undefined, written, { ...stopped, now }), { memory }))).toBe(expected);
  });

  it('should let a person move all of it', () => {
    const failed = { ...moving(), phase: 'failed' } as const;
    expect(outcome(decided(request({ to: C }), parts(B, undefined, failed, stopped)))).toBe(`failover to ${C}`);
  });
});
