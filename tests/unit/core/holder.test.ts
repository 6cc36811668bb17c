import type { InstanceState } from '../../../lib/core/model.ts';
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
  instanceCheck,
  ledger,
  ledgerTags,
  member,
  NOW,
  observation,
  request,
  spotTrigger,
  stateTrigger,
  SWEEP,
} from '../../support/observation.ts';
import { outcome, recorded } from '../../support/words.ts';

/** A, which holds the group, in this state; B is well. */
const inState = (state: InstanceState): Given => ({ members: [member(A, { state }), member(B)] });
/** Longer ago than checks have to be impaired. */
const impairedSince = NOW - 600_000;
const check = (given: Parameters<typeof checks>[0]): Given => ({
  checks: { [A]: checks({ impairedSince, ...given }) },
});
const AWAY = { readable: false, cause: 'cloudwatch:DescribeAlarms failed (unavailable)' } as const;

const FAILS_OVER = `failover to ${B}`;

/** What is observed of A, the end of the sentence about it, and what an alarm's event about it leads to. */
function about(given: Given): readonly string[] {
  const decision = decided(alarmTrigger(A), observation(given));
  const { analysis, facts } = decision;
  return [analysis, facts.summary.replace(`The holder ${A} `, ''), outcome(decision)];
}

describe('holder-gone', () => {
  it.each(['shutting-down', 'terminated'] as const)('should be a holder that is %s', (state) => {
    expect(about(inState(state))).toEqual(['holder-gone', `is ${state}.`, FAILS_OVER]);
  });
});

describe('holder-stopped', () => {
  it.each(['stopping', 'stopped'] as const)('should be a holder that is %s', (state) => {
    expect(about(inState(state))).toEqual(['holder-stopped', `is ${state}.`, FAILS_OVER]);
  });

  it('should be so whatever else speaks against it', () => {
    expect(about({ ...inState('stopped'), alarms: inAlarm(A) })[1]).toBe('is stopped.');
  });
});

describe('holder-impaired', () => {
  const inAlarmToo = `has the alarm 'eni-failover/web/${A}' in ALARM.`;

  it.each<[string, Given, string]>([
    ['an alarm of ours', { alarms: inAlarm(A) }, inAlarmToo],
    [
      'an alarm, and checks still initializing',
      { ...check({ instance: 'initializing' }), alarms: inAlarm(A) },
      inAlarmToo,
    ],
    [
      'an alarm, and checks nobody could read',
      { ...check({ instance: 'unreadable' }), alarms: inAlarm(A) },
      inAlarmToo,
    ],
    ['the system check', check({ system: 'impaired' }), 'fails its system status check.'],
    ['the instance check', check({ instance: 'impaired' }), 'fails its instance status check.'],
    ['the check of its volumes', check({ attachedEbs: 'impaired' }), 'fails its attached EBS status check.'],
    ['the application’s check', check({ application: 'impaired' }), 'fails its application status check.'],
    ['two checks', check({ system: 'impaired', instance: 'impaired' }), 'fails its system and instance status check.'],
    [
      'a check beside an unreadable one',
      check({ system: 'impaired', instance: 'unreadable' }),
      'fails its system status check.',
    ],
    [
      'a check while alarms cannot be read',
      { ...check({ instance: 'impaired' }), alarms: AWAY },
      'fails its instance status check.',
    ],
  ])('should be failed by %s', (_, given, because) => {
    expect(about(given)).toEqual(['holder-impaired', because, FAILS_OVER]);
  });
});

describe('holder-leaving', () => {
  it('should be a holder under a Spot notice', () => {
    const decision = decided(spotTrigger(A), observation());
    expect(decision).toMatchObject({ analysis: 'holder-leaving', plan: { from: A, to: B, automatic: true } });
    expect(decision.reason).toBe(
      `The holder ${A} is an instance that EC2 takes back within two minutes. ${B} takes over.`,
    );
    expect(decision.rejected).toEqual([{ instanceId: A, code: 'current-holder', reason: 'it is the holder now' }]);
  });

  it('should give way to a failure that is confirmed', () => {
    expect(decided(spotTrigger(A), observation({ alarms: inAlarm(A) })).analysis).toBe('holder-impaired');
  });

  it('should not be a holder whose standby is under notice, nor one that is said to stop', () => {
    expect(decided(spotTrigger(B), observation()).analysis).toBe('holder-healthy');
    expect(decided(stateTrigger(A), observation()).analysis).toBe('holder-healthy');
  });
});

describe('holder-unknown', () => {
  it.each<[string, Given, string]>([
    ['starts', inState('pending'), 'is starting.'],
    [
      'has checks that are initializing',
      check({ instance: 'initializing' }),
      'is still initializing its status checks.',
    ],
    ['has too little data', check({ instance: 'insufficient-data' }), 'has too little data for its status checks.'],
    ['has checks nobody could read', check({ instance: 'unreadable' }), 'has status checks that could not be read.'],
    ['was not reported', { checks: { [A]: undefined } }, 'has status checks that could not be read.'],
    ['has alarms nobody could read', { alarms: AWAY }, `has alarms that could not be read: ${AWAY.cause}.`],
    [
      'has alarms nobody could read and checks that are initializing',
      { ...check({ instance: 'initializing' }), alarms: AWAY },
      'is still initializing its status checks.',
    ],
  ])('should be a holder that %s, and it keeps the group', (_, given, because) => {
    expect(about(given)).toEqual(['holder-unknown', because, 'holder-unknown']);
  });
});

describe('holder-healthy', () => {
  const well = 'passes its status checks and no alarm counts against it.';
  const cpu = alarmOn(A, { name: 'cpu', metrics: [{ namespace: 'AWS/EC2', name: 'CPUUtilization', instanceId: A }] });

  it.each<[string, Given]>([
    ['that passes its checks', {}],
    ['with a check that does not apply', check({ attachedEbs: 'not-applicable' })],
    ['with a check that somebody suppressed', check({ application: 'suppressed' })],
    ['with an alarm that is muted', { alarms: { readable: true, inAlarm: [alarmOn(A, { muted: true })] } }],
    ['with an alarm that is not ours', { alarms: { readable: true, inAlarm: [cpu] } }],
    ['that EC2 will retire', check({ scheduledEvents: ['instance-retirement'] })],
    ['whose standby is sick', { checks: { [B]: instanceCheck('impaired') } }],
  ])('should be a holder %s, and it keeps the group', (_, given) => {
    expect(about(given)).toEqual(['holder-healthy', well, 'holder-healthy']);
  });

  it('should be moved by a person all the same', () => {
    const decision = decided(request(), observation());
    expect(decision.reason).toBe(`The holder ${A} ${well} ${B} takes over.`);
    expect(decision.plan).toMatchObject({ kind: 'new', action: 'failover', from: A, to: B, automatic: false });
  });
});

describe('not-the-holder', () => {
  it('should be an event about others, all of whom are named', () => {
    const decision = decided({ kind: 'alarm', instanceIds: [B, C] }, observation({ alarms: inAlarm(B) }));
    expect(decision).toMatchObject({ kind: 'no-action', code: 'not-the-holder', rejected: [] });
    expect(decision.reason).toBe(
      `The event is about ${B}, ${C}; the holder is ${A}. The holder ${A} passes its status checks and no alarm counts against it.`,
    );
  });

  it('should not be an event about several of whom one is the holder', () => {
    const decision = decided({ kind: 'alarm', instanceIds: [B, A] }, observation({ alarms: inAlarm(A) }));
    expect(outcome(decision)).toBe(FAILS_OVER);
  });

  it('should leave a failed holder to its own event and to the sweep', () => {
    const seen = observation({ alarms: inAlarm(A) });
    expect(outcome(decided(alarmTrigger(B), seen))).toBe('not-the-holder');
    expect(outcome(decided(SWEEP, seen))).toBe(FAILS_OVER);
  });
});

describe('ledger-drift', () => {
  const { holder: _, ...nameless } = ledger();
  const sentence = `The holder ${A} passes its status checks and no alarm counts against it. The ledger named ${B}: somebody moved the group by hand.`;

  it('should be a group at rest on another member than the ledger says', () => {
    const decision = decided(SWEEP, recorded(ledger({ holder: B })));
    expect(decision).toMatchObject({ kind: 'no-action', code: 'ledger-drift', reason: sentence });
  });

  it.each([
    ['names the holder', ledger()],
    ['names nobody', nameless],
    ['is not at rest', ledger({ holder: B, phase: 'failed' })],
  ])('should not be one whose ledger %s', (_name, written) => {
    expect(outcome(decided(SWEEP, recorded(written)))).toBe('holder-healthy');
  });

  it('should be one whose holder is in doubt, too', () => {
    const seen = recorded(ledger({ holder: B }), { checks: { [A]: instanceCheck('initializing') } });
    expect(outcome(decided(SWEEP, seen))).toBe('ledger-drift');
    expect(decided(SWEEP, { ...seen, now: NOW }).analysis).toBe('holder-unknown');
  });
});

describe('an interface that is on its way', () => {
  it.each(['attaching', 'detaching'] as const)('should not keep its holder from being judged: %s', (status) => {
    const interfaces = [
      floating(ENI, attachment(ENI, A, { status })),
      floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 })),
    ];
    const { facts, code } = decided(SWEEP, observation({ interfaces }));
    const expected = status === 'attaching' ? 'holder-healthy' : 'attachment-in-transit';
    expect([code, facts.analysis, facts.situation]).toEqual([
      expected,
      'holder-healthy',
      { kind: 'in-transit', way: status },
    ]);
  });

  it('should be told as leaving when another one is arriving', () => {
    const interfaces = [
      floating(ENI, attachment(ENI, A, { status: 'attaching' }), { tags: ledgerTags(ledger()) }),
      floating(ENI2, attachment(ENI2, A, { deviceIndex: 2, status: 'detaching' })),
    ];
    expect(decided(SWEEP, observation({ interfaces })).facts.situation).toEqual({
      kind: 'in-transit',
      way: 'detaching',
    });
    expect(decided(SWEEP, observation()).facts.situation).toEqual({ kind: 'held' });
  });
});
