import type { Trigger } from '../../../lib/core/model.ts';
import {
  A,
  alarmOn,
  alarmTrigger,
  B,
  C,
  decided,
  ENI,
  inAlarm,
  ledger,
  member,
  NOW,
  observation,
  request,
  SWEEP,
} from '../../support/observation.ts';
import { loose, outcome, passedOver, recorded } from '../../support/words.ts';

const sick = { alarms: inAlarm(A) };
const trio = [member(A), member(B), member(C)];

describe('attach-denied', () => {
  const words = `the attach of ${ENI} to ${B} is denied: ec2:AttachNetworkInterface failed`;
  const memory = { denied: { [B]: { interfaceId: ENI, reason: words, denied: true } } };

  it('should say what is denied when nobody else can take over', () => {
    const decision = decided(alarmTrigger(A), observation(sick), { memory });
    const reason = `The holder ${A} has the alarm 'eni-failover/web/${A}' in ALARM. No member can take over: ${words}.`;
    expect(decision).toMatchObject({ kind: 'blocked', code: 'attach-denied', reason });
  });

  it('should be no reason as long as another member can take over', () => {
    expect(outcome(decided(alarmTrigger(A), observation({ members: trio, ...sick }), { memory }))).toBe(
      `failover to ${C}`,
    );
  });

  it('should be the answer to readiness', () => {
    expect(decided({ kind: 'if-holder-failed' }, observation(), { memory })).toMatchObject({ code: 'attach-denied' });
  });
});

const MINUTE_MS = 60_000;
/** The cooldown of the deployment. */
const WINDOW_MS = 900_000;

describe('a member that refused an interface in an earlier run', () => {
  const refused = (ago: number, code = 'refused') => ledger({ refused: [{ instanceId: B, at: NOW - ago, code }] });
  const after = (ago: number, trigger: Trigger = alarmTrigger(A), code?: string) =>
    decided(trigger, recorded(refused(ago, code), sick));

  it('should have nothing taken off a holder for it until the cooldown window is over', () => {
    const decision = after(WINDOW_MS - 1);
    expect([outcome(decision), ...passedOver(decision)]).toEqual([
      'no-candidate',
      `${A} failed-holder`,
      `${B} refused-by-ec2`,
    ]);
    expect(decision.rejected[1]?.reason).toContain('it is tried again from 2026-');
    expect(outcome(after(WINDOW_MS))).toBe(`failover to ${B}`);
  });

  it('should be followed by the next candidate', () => {
    const seen = recorded(refused(1), { members: trio, ...sick });
    expect(outcome(decided(alarmTrigger(A), seen))).toBe(`failover to ${C}`);
  });

  it('should be tried when a person names it', () => {
    expect(outcome(after(1, request()))).toBe('no-candidate');
    expect(outcome(after(1, request({ to: B })))).toBe(`failover to ${B}`);
  });

  it('should be said with the action where it was IAM that denied it, and be asked for anew by a person', () => {
    const denied = after(1, alarmTrigger(A), 'denied');
    expect(denied).toMatchObject({ code: 'attach-denied' });
    expect(denied.reason).toContain(`ec2:AttachNetworkInterface to ${B} was denied`);
    expect(outcome(after(1, request(), 'denied'))).toBe(`failover to ${B}`);
  });
});

describe('what nobody holds, and every member has refused', () => {
  const tried = (count: number, ago: number) =>
    ledger({
      phase: 'failed',
      refused: [A, B].map((instanceId) => ({ instanceId, at: NOW - ago, code: 'refused' })),
      loose: { count, lastAt: NOW - ago },
    });

  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [4, 8],
    [9, 8],
  ])('should after %i tries be tried again %i minutes later', (count, minutes) => {
    const slackMs = 30_000;
    expect(outcome(decided(SWEEP, loose(tried(count, minutes * MINUTE_MS - slackMs - 1))))).toBe('no-candidate');
    expect(outcome(decided(SWEEP, loose(tried(count, minutes * MINUTE_MS - slackMs))))).toBe(`attach to ${A}`);
  });

  it('should be tried at once for a person, and by a member that has not refused it', () => {
    expect(outcome(decided(request(), loose(tried(4, 1))))).toBe(`attach to ${A}`);
    expect(outcome(decided(SWEEP, loose(tried(4, 1), { members: trio })))).toBe(`attach to ${C}`);
  });
});

describe('a member on which an attach hung or came undone', () => {
  const { launchedAt } = member(B);
  const ago = (ms: number) => ({ instanceId: B, at: NOW - ms, code: 'hung' });
  const past = (ms: number) => ({ stuck: [{ instanceId: B, launchedAt }], loose: { count: 2, lastAt: NOW - ms } });
  const off = { members: [member(A, { state: 'stopped' }), member(B)] };
  const dueMs = 2 * MINUTE_MS - 30_000;

  it('should have nothing taken off a stopped holder for it before its time, unless a person asks', () => {
    const known = (ms: number) => recorded(ledger({ ...past(ms), refused: [ago(ms)] }), off);
    const early = decided(SWEEP, known(dueMs - 1));
    expect([outcome(early), ...passedOver(early)]).toEqual(['no-candidate', `${A} failed-holder`, `${B} attach-stuck`]);
    expect(outcome(decided(SWEEP, known(dueMs)))).toBe(`failover to ${B}`);
    expect(outcome(decided(request(), known(1)))).toBe(`failover to ${B}`);
  });

  it.each(['an event', 'a sweep'])(
    'should cost a holder that has failed and runs nothing before its time for %s',
    (by) => {
      const trigger = by === 'an event' ? alarmTrigger(A) : SWEEP;
      const known = (ms: number) => recorded(ledger({ ...past(ms), refused: [ago(ms)] }), sick);
      const early = decided(trigger, known(dueMs - 1));
      expect([outcome(early), ...passedOver(early)]).toEqual([
        'no-candidate',
        `${A} failed-holder`,
        `${B} attach-stuck`,
      ]);
      expect(outcome(decided(trigger, known(dueMs)))).toBe(`failover to ${B}`);
      expect(outcome(decided(request(), known(1)))).toBe(`failover to ${B}`);
    },
  );

  it('should be known of where the tag had no room for when that was', () => {
    expect(outcome(decided(SWEEP, recorded(ledger(past(dueMs - 1)), off)))).toBe('no-candidate');
    expect(outcome(decided(SWEEP, recorded(ledger(past(dueMs)), off)))).toBe(`failover to ${B}`);
    const anew = { ...past(1), stuck: [{ instanceId: B, launchedAt: launchedAt - 1 }] };
    expect(outcome(decided(SWEEP, recorded(ledger(anew), off)))).toBe(`failover to ${B}`);
  });
});

describe('a member that has refused once, while the holder has failed and runs', () => {
  const device = (deviceIndex: number) => ({ deviceIndex, networkCardIndex: 0 });
  const { launchedAt } = member(A);
  const longAgo = NOW - WINDOW_MS;
  /** A was left by force at index 2 and has the interface at index 1: its type has no third one. */
  const closed = (code = 'refused') =>
    ledger({
      forced: [{ instanceId: A, launchedAt, at: longAgo, devices: [device(2)] }],
      refused: [{ instanceId: B, at: longAgo, code }],
    });

  it.each([
    ['refused', 'refused-by-ec2'],
    ['hung', 'attach-stuck'],
  ])('should have nothing taken off it where that could not come back (%s)', (word, code) => {
    const decision = decided(alarmTrigger(A), recorded(closed(word), sick));
    expect([outcome(decision), ...passedOver(decision)]).toEqual([
      'no-candidate',
      `${A} failed-holder`,
      `${B} ${code}`,
    ]);
    expect(decision.rejected[1]?.reason).toContain(
      `${A} could not take back what is taken off it by force, for EC2 may withhold device index 2 and 1 there and nothing else is free`,
    );
  });

  it('should be passed over for one that has not refused', () => {
    expect(outcome(decided(alarmTrigger(A), recorded(closed(), { members: trio, ...sick })))).toBe(`failover to ${C}`);
  });

  it('should be known beforehand', () => {
    const seen = recorded(closed(), sick);
    expect(decided({ kind: 'if-holder-failed' }, seen)).toMatchObject({ code: 'no-candidate' });
  });

  it.each([
    ['the way back is open', alarmTrigger(A), { ...closed(), forced: [] }, sick],
    [
      'it has been launched anew',
      alarmTrigger(A),
      closed(),
      { ...sick, members: [member(A), member(B, { launchedAt: NOW })] },
    ],
    ['a person names it', request({ to: B }), closed(), sick],
    [
      'the guest is there and lets go',
      alarmTrigger(A),
      closed(),
      { alarms: { readable: true, inAlarm: [alarmOn(A, { metrics: [{ namespace: 'Custom', instanceId: A }] })] } },
    ],
    ['a person drills a holder that is well', request(), closed(), {}],
    ['it was a denial, of which a dry run tells', alarmTrigger(A), closed('denied'), sick],
    ['the holder is stopped', SWEEP, closed(), { members: [member(A, { state: 'stopped' }), member(B)] }],
  ] as const)('should be tried where %s', (_, trigger, known, given) => {
    expect(outcome(decided(trigger, recorded(known, given)))).toBe(`failover to ${B}`);
  });
});
