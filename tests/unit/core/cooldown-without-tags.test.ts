import { type Memory, NO_PAST } from '../../../lib/core/memory.ts';
import type { Trigger } from '../../../lib/core/model.ts';
import {
  A,
  attachment,
  B,
  decided,
  ENI,
  floating,
  type Given,
  inAlarm,
  member,
  MINUTE_MS,
  NOW,
  observation,
  request,
  stateTrigger,
  SWEEP,
} from '../../support/observation.ts';
import { outcome } from '../../support/words.ts';

const GO = `failover to ${B}`;
const STOPPED: Given = { alarms: inAlarm(), members: [member(A, { state: 'stopped' }), member(B)] };
const GONE: Given = { alarms: inAlarm(), members: [member(A, { state: 'shutting-down' }), member(B)] };

describe('the cooldown where the tags are refused', () => {
  const DAY_MS = 24 * 60 * MINUTE_MS;
  const NO_TAGS = { untaggable: true };
  const since = (attachedAt: number | undefined) =>
    floating(ENI, attachment(ENI, A, attachedAt === undefined ? {} : { attachedAt }));
  const decidedOn = (given: Given, memory: Partial<Memory> = NO_TAGS, trigger: Trigger = SWEEP) =>
    decided(trigger, observation({ alarms: inAlarm(A), ...given }), { memory });

  it.each([
    ['lately', NOW - 14 * MINUTE_MS, 'cooldown'],
    ['as long ago as the window is', NOW - 15 * MINUTE_MS, GO],
    ['by nobody who said when', undefined, GO],
  ])('should count one move by EC2’s word, and allow no other: attached %s', (_, attachedAt, expected) => {
    expect(outcome(decidedOn({ interfaces: [since(attachedAt)] }))).toBe(expected);
  });

  it('should say so, and until when', () => {
    const { reason } = decidedOn({ interfaces: [since(NOW - 5 * MINUTE_MS)] });
    expect(reason).toContain('Automation has moved the group once lately and moves it again from 2026-08-20T10:10:00');
    expect(reason).toContain('Its tags are refused');
  });

  it.each([
    ['as soon as its instance was launched', NOW - 8 * MINUTE_MS, GO],
    ['two minutes later', NOW - 7 * MINUTE_MS, 'cooldown'],
    ['before its instance was started again', NOW - 10 * MINUTE_MS, 'cooldown'],
  ])('should not take for a move what was made with its instance: attached %s', (_, attachedAt, expected) => {
    const members = [member(A, { launchedAt: NOW - 9 * MINUTE_MS }), member(B)];
    expect(outcome(decidedOn({ interfaces: [since(attachedAt)], members }))).toBe(expected);
  });

  it('should hold by what the process remembers, whatever EC2 says', () => {
    const unrecorded = { ...NO_PAST, moves: [NOW - MINUTE_MS] };
    expect(outcome(decidedOn({}, { ...NO_TAGS, unrecorded }))).toBe('cooldown');
    // Once tags are taken again, what was made meanwhile counts as every move does.
    expect(outcome(decidedOn({}, { unrecorded }))).toBe(GO);
  });

  it('should begin by itself where no interface has room for the ledger', () => {
    const tags = Object.fromEntries(Array.from({ length: 45 }, (_, nth) => [`team:${nth}`, 'x']));
    const full = { ...since(NOW - MINUTE_MS), tags };
    expect(outcome(decidedOn({ interfaces: [full] }, {}))).toBe('cooldown');
    expect(outcome(decidedOn({ interfaces: [since(NOW - MINUTE_MS)] }, {}))).toBe(GO);
  });

  it.each<[string, Given, Trigger]>([
    ['a holder that is stopped', STOPPED, stateTrigger(A)],
    ['a holder that is gone', GONE, stateTrigger(A)],
    ['a person', {}, request()],
  ])('should not hold %s', (_, given, trigger) => {
    expect(outcome(decidedOn({ interfaces: [since(NOW - MINUTE_MS)], ...given }, NO_TAGS, trigger))).toBe(GO);
  });

  it('should not hold up a detach that is under way: it was counted when it began', () => {
    const leaving = attachment(ENI, A, { attachedAt: NOW - DAY_MS, status: 'detaching' });
    const unrecorded = { ...NO_PAST, moves: [NOW - MINUTE_MS] };
    expect(outcome(decidedOn({ interfaces: [floating(ENI, leaving)] }, { ...NO_TAGS, unrecorded }))).toBe(GO);
  });
});
