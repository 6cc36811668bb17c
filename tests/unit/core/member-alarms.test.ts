import { alarmPlan, instanceOfName, memberAlarmName, type StandingAlarm } from '../../../lib/core/member-alarms.ts';
import type { MemberView } from '../../../lib/core/model.ts';
import { A, B, member } from '../../support/observation.ts';

const PREFIX = 'eni-failover/';
const named = (id: string): string => memberAlarmName(id, PREFIX);
const standing = (name: string, instanceId: string, metric = 'StatusCheckFailed'): StandingAlarm => ({
  name,
  metrics: [{ namespace: 'AWS/EC2', name: metric, instanceId }],
  state: 'OK',
});

function plan(views: readonly MemberView[], alarms: readonly StandingAlarm[], wanted = true, unread = '') {
  const unreadable = unread === '' ? [] : [{ id: unread, reason: 'odd', tags: {} }];
  const { create, remove } = alarmPlan({ views, unreadable }, alarms, PREFIX, wanted);
  return { create: create.map(({ name }) => name), remove: remove.map(({ name }) => name) };
}

describe('what is to be done about the alarms of members', () => {
  it.each<[what: string, given: Parameters<typeof plan>, create: readonly string[], remove: readonly string[]]>([
    ['nothing is there', [[member(A), member(B)], []], [named(A), named(B)], []],
    ['all are there', [[member(A)], [standing(named(A), A)]], [], []],
    ['a member has one of somebody’s own', [[member(A)], [standing('mine', A)]], [], []],
    ['that is on its guest', [[member(A)], [standing('mine', A, 'StatusCheckFailed_Instance')]], [], []],
    ['that is on its host alone', [[member(A)], [standing('mine', A, 'StatusCheckFailed_System')]], [named(A)], []],
    ['that is on another metric', [[member(A)], [standing('mine', A, 'CPUUtilization')]], [named(A)], []],
    ['a member ends', [[member(A, { state: 'shutting-down' })], [standing(named(A), A)]], [], [named(A)]],
    ['a member is stopped', [[member(A, { state: 'stopped' })], [standing(named(A), A)]], [], []],
    ['one is left over', [[member(A)], [standing(named(A), A), standing(named(B), B)]], [], [named(B)]],
    ['nobody can read whose it is', [[member(A)], [standing(named(A), A), standing(named(B), B)], true, B], [], []],
    ['none is wanted', [[member(A)], [standing(named(A), A)], false], [], [named(A)]],
    ['none is wanted, and one is mine', [[member(A)], [standing('eni-failover/mine', A)], false], [], []],
    ['a name is taken by an alarm on something else', [[member(A)], [standing(named(A), B)]], [], []],
  ])('should be told from both: %s', (_, given, create, remove) => {
    expect(plan(...given)).toEqual({ create, remove });
  });
});

describe('the name of such an alarm', () => {
  it('should say whose it is, and no other name should', () => {
    expect(instanceOfName(named(A), PREFIX)).toBe(A);
    for (const name of [
      'eni-failover/web/i-0a1b2c3d',
      'eni-failover/member/web',
      'x/member/i-0a1b2c3d',
      named(`${A}x`),
    ])
      expect([name, instanceOfName(name, PREFIX)]).toEqual([name, undefined]);
  });
});
