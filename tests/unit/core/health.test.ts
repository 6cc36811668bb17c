import { type Health, judge, judgeHolder, judgeStandby, worstCheck } from '../../../lib/core/health.ts';
import type { CheckStatus, InstanceState } from '../../../lib/core/model.ts';
import { A, alarmOn, B, checks, instanceCheck, member, observation } from '../../support/observation.ts';

const ALARM = { kind: 'alarm', alarmName: 'eni-failover/web' } as const;
const CLEAR = { kind: 'clear' } as const;
const UNREADABLE = { kind: 'unreadable', cause: 'CloudWatch is away' } as const;

type Cell = readonly [CheckStatus, Health['code'], Health['code'], Health['code']];

/** The table for a running instance: its instance check, and what follows with alarm, without, and not knowing. */
const RUNNING: readonly Cell[] = [
  ['ok', 'own-alarm', 'healthy', 'alarms-unreadable'],
  ['impaired', 'own-alarm', 'impaired', 'impaired'],
  ['initializing', 'own-alarm', 'initializing', 'initializing'],
  ['insufficient-data', 'own-alarm', 'health-unknown', 'health-unknown'],
  ['unreadable', 'own-alarm', 'health-unknown', 'health-unknown'],
  ['suppressed', 'own-alarm', 'healthy', 'alarms-unreadable'],
  ['not-applicable', 'own-alarm', 'healthy', 'alarms-unreadable'],
];

const VERDICTS: Readonly<Record<Health['code'], Health['verdict']>> = {
  healthy: 'healthy',
  stopped: 'failed',
  gone: 'failed',
  'own-alarm': 'failed',
  impaired: 'failed',
  pending: 'unknown',
  initializing: 'unknown',
  'health-unknown': 'unknown',
  'alarms-unreadable': 'unknown',
};

describe.each(RUNNING)('a running instance whose check is %s', (status, withAlarm, without, unread) => {
  it.each([
    ['in ALARM', ALARM, withAlarm],
    ['clear', CLEAR, without],
    ['unreadable', UNREADABLE, unread],
  ] as const)('should, with its alarm %s, be judged %3$s', (_, signal, code) => {
    const health = judge('running', signal, instanceCheck(status));
    expect([health.code, health.verdict]).toEqual([code, VERDICTS[code]]);
  });
});

describe.each<[InstanceState | undefined, Health['code']]>([
  ['pending', 'pending'],
  ['stopping', 'stopped'],
  ['stopped', 'stopped'],
  ['shutting-down', 'gone'],
  ['terminated', 'gone'],
  [undefined, 'gone'],
])('an instance that is %s', (state, code) => {
  it.each([
    ['in ALARM', ALARM],
    ['clear', CLEAR],
    ['unreadable', UNREADABLE],
  ] as const)('should be judged by its state alone, with its alarm %s', (_, signal) => {
    for (const status of RUNNING.map(([each]) => each)) {
      const health = judge(state, signal, instanceCheck(status));
      expect([health.code, health.verdict]).toEqual([code, VERDICTS[code]]);
    }
  });
});

describe('the worst check', () => {
  it.each(['system', 'instance', 'attachedEbs', 'application'] as const)('should be found in %s', (name) => {
    expect(worstCheck(checks({ [name]: 'impaired' }))).toBe('impaired');
  });

  it('should be unreadable for an instance that was not reported', () => {
    expect(worstCheck(undefined)).toBe('unreadable');
  });

  it('should rank impaired, unreadable, initializing, insufficient data, in this order', () => {
    const order = ['impaired', 'unreadable', 'initializing', 'insufficient-data', 'ok'] as const;
    for (const [at, worse] of order.entries()) {
      for (const better of order.slice(at)) {
        expect(worstCheck(checks({ system: better, attachedEbs: worse }))).toBe(worse);
      }
    }
  });
});

describe('the words of a verdict', () => {
  it('should name every check that is impaired', () => {
    const health = judge('running', CLEAR, checks({ system: 'impaired', attachedEbs: 'impaired' }));
    expect(health.because).toBe('fails its system and attached EBS status check');
  });

  it('should name the alarm', () => {
    expect(judge('running', ALARM, checks()).because).toContain("'eni-failover/web'");
  });
});

describe('a muted alarm', () => {
  const muted = observation({ alarms: { readable: true, inAlarm: [alarmOn(A, { muted: true })] } });

  it('should not move the holder', () => {
    expect(judgeHolder(member(A), muted, 'eni-failover/').verdict).toBe('healthy');
  });

  it('should speak against a standby all the same', () => {
    expect(judgeStandby(member(A), muted, 'eni-failover/').code).toBe('own-alarm');
    expect(judgeStandby(member(B), muted, 'eni-failover/').verdict).toBe('healthy');
  });
});

describe('a holder that is not among the members any more', () => {
  it('should be gone', () => {
    expect(judgeHolder(undefined, observation(), 'eni-failover/').code).toBe('gone');
  });
});
