import type { AlarmReading, AlarmView } from '../../../lib/core/alarms.ts';
import type { InstanceState, Signal, Trigger } from '../../../lib/core/model.ts';
import {
  alarmSignals,
  type CheckStatus,
  isCurrent,
  NOTICE_LASTS_MS,
  NOTICE_MOVES_MS,
  noticesIn,
  noticeSignals,
  stateSignals,
  type StatusChecks,
  statusSignals,
} from '../../../lib/core/readers.ts';
import {
  A,
  alarmOn,
  alarmTrigger,
  B,
  C,
  checks,
  member,
  NOW,
  request,
  spotTrigger,
  stateTrigger,
  SWEEP,
} from '../../support/observation.ts';

/** `source/verdict: because` of each signal, and of whom when that is not A. */
const said = (signals: readonly Signal[]): readonly string[] =>
  signals.map(({ instanceId, source, verdict, because }) => {
    return `${instanceId === A ? '' : `${instanceId} `}${source}/${verdict}: ${because}`;
  });

describe('the state of an instance', () => {
  it.each<[InstanceState, readonly string[]]>([
    ['pending', ['state/pending: is starting']],
    ['running', []],
    ['stopping', ['state/stopped: is stopping']],
    ['stopped', ['state/stopped: is stopped']],
    ['shutting-down', ['state/gone: is shutting-down']],
    ['terminated', ['state/gone: is terminated']],
  ])('should say of one that is %s: %j', (state, expected) => {
    expect(said(stateSignals([member(A, { state })]))).toEqual(expected);
  });

  it('should be told of each member', () => {
    const members = [member(A, { state: 'stopped' }), member(B), member(C, { state: 'pending' })];
    expect(said(stateSignals(members))).toEqual(['state/stopped: is stopped', `${C} state/pending: is starting`]);
  });
});

const OK = 'status/ok: passes its status checks and no alarm counts against it';
const UNREADABLE = 'status/unreadable: has status checks that could not be read';
const SUPPRESSED = 'status/suppressed: has a status check that somebody suppressed';

describe('the status checks of an instance', () => {
  const read = (given: Partial<StatusChecks>) => said(statusSignals([member(A)], { [A]: checks(given) }));

  it.each<[CheckStatus, readonly string[]]>([
    ['ok', [OK]],
    ['impaired', ['status/impaired: fails its instance status check']],
    ['initializing', ['status/initializing: is still initializing its status checks']],
    ['insufficient-data', ['status/insufficient-data: has too little data for its status checks']],
    ['not-applicable', [OK]],
    ['suppressed', [OK, SUPPRESSED]],
    ['unreadable', [UNREADABLE]],
  ])('should say, when one of them is %s: %j', (instance, expected) => {
    expect(read({ instance })).toEqual(expected);
  });

  it.each<[keyof StatusChecks, string]>([
    ['system', 'status/impaired: fails its system status check'],
    ['instance', 'status/impaired: fails its instance status check'],
    ['attachedEbs', 'status/impaired: fails its attached EBS status check'],
    ['application', 'status/impaired: fails its application status check'],
  ])('should name the one that is impaired: %s', (name, expected) => {
    expect(read({ [name]: 'impaired' })).toEqual([expected]);
  });

  it.each<[Partial<StatusChecks>, readonly string[]]>([
    [{ system: 'impaired', instance: 'impaired' }, ['status/impaired: fails its system and instance status check']],
    [
      { application: 'impaired', attachedEbs: 'impaired', system: 'impaired' },
      ['status/impaired: fails its system and attached EBS and application status check'],
    ],
    [{ system: 'impaired', instance: 'unreadable' }, ['status/impaired: fails its system status check', UNREADABLE]],
    [{ system: 'unreadable', instance: 'unreadable' }, [UNREADABLE]],
    [
      { system: 'insufficient-data', instance: 'initializing' },
      [
        'status/initializing: is still initializing its status checks',
        'status/insufficient-data: has too little data for its status checks',
      ],
    ],
    [{ system: 'suppressed', application: 'suppressed' }, [OK, SUPPRESSED, SUPPRESSED]],
    [{ system: 'suppressed', instance: 'impaired' }, ['status/impaired: fails its instance status check', SUPPRESSED]],
    [{ scheduledEvents: ['instance-retirement'] }, [OK, 'schedule/due: has instance-retirement scheduled']],
    [
      { system: 'unreadable', scheduledEvents: ['system-reboot', 'instance-stop'] },
      [UNREADABLE, 'schedule/due: has system-reboot scheduled', 'schedule/due: has instance-stop scheduled'],
    ],
  ])('should say everything there is to say, worst first: %j', (given, expected) => {
    expect(read(given)).toEqual(expected);
  });

  it('should say since when they are impaired, if EC2 does, and of nothing else', () => {
    const since = (given: Partial<StatusChecks>) =>
      statusSignals([member(A)], { [A]: checks({ system: 'impaired', instance: 'unreadable', ...given }) });
    expect(since({ impairedSince: NOW })).toEqual([
      expect.objectContaining({ verdict: 'impaired', since: NOW }),
      expect.not.objectContaining({ since: expect.anything() }),
    ]);
    expect(since({ impairedSince: 0 })[0]).toHaveProperty('since', 0);
    expect(since({})[0]).not.toHaveProperty('since');
  });

  it('should be told of the running members only, and of one that was not reported as unreadable', () => {
    const members = [member(A), member(B), member(C, { state: 'stopped' })];
    const reported = { [A]: checks(), [C]: checks(), 'i-dddddddd': checks() };
    expect(said(statusSignals(members, reported))).toEqual([OK, `${B} ${UNREADABLE}`]);
  });
});

describe('the alarms', () => {
  const members = [member(A), member(B)];
  const heard = (...inAlarm: readonly AlarmView[]) =>
    said(alarmSignals(members, { readable: true, inAlarm }, 'eni-failover/'));
  const metric = (instanceId: string, name = 'StatusCheckFailed') => ({ namespace: 'AWS/EC2', name, instanceId });
  const raised = (name: string) => `alarm/raised: has the alarm '${name}' in ALARM`;

  it.each<[what: string, alarms: readonly AlarmView[], expected: readonly string[]]>([
    ['nothing when none is raised', [], []],
    ['of one of ours that it is raised', [alarmOn(A)], [raised(`eni-failover/web/${A}`)]],
    [
      'of one that is muted that it is',
      [alarmOn(A, { muted: true })],
      [`alarm/muted: has the alarm 'eni-failover/web/${A}' in ALARM`],
    ],
    ['of one that is not muted that it is raised', [alarmOn(A, { muted: false })], [raised(`eni-failover/web/${A}`)]],
    ['of a status check alarm, whatever its name', [{ name: 'x', metrics: [metric(A)] }], [raised('x')]],
    [
      'of one under our prefix, whatever it measures',
      [{ name: 'eni-failover/cpu', metrics: [metric(A, 'CPUUtilization')] }],
      [raised('eni-failover/cpu')],
    ],
    ['nothing of somebody else’s', [{ name: 'cpu', metrics: [metric(A, 'CPUUtilization')] }], []],
    ['nothing of one that watches no member', [alarmOn(C)], []],
    [
      'nothing of one over several instances, be one of them a stranger',
      [
        { name: 'both', metrics: [metric(C), metric(A)] },
        alarmOn(A, { name: 'eni-failover/app', metrics: [metric(A), metric(B)] }),
      ],
      [],
    ],
    [
      'nothing of one that goes off when the checks are well again',
      [alarmOn(A, { comparison: 'LessThanThreshold', threshold: 1 })],
      [],
    ],
    [
      'that it may be muted, where that could not be read',
      [alarmOn(A, { muted: 'unknown' })],
      [`alarm/unconfirmed: has the alarm 'eni-failover/web/${A}' in ALARM, and whether it is muted could not be read`],
    ],
    [
      'of each of two',
      [alarmOn(A), alarmOn(A, { name: 'eni-failover/app', muted: true })],
      [raised(`eni-failover/web/${A}`), "alarm/muted: has the alarm 'eni-failover/app' in ALARM"],
    ],
  ])('should say %s', (_, alarms, expected) => {
    expect(heard(...alarms)).toEqual(expected);
  });

  it('should leave every member in doubt, and say why, when they could not be read', () => {
    const away: AlarmReading = { readable: false, cause: 'CloudWatch is away' };
    const doubt = 'alarm/unreadable: has alarms that could not be read: CloudWatch is away';
    expect(said(alarmSignals(members, away, 'eni-failover/'))).toEqual([doubt, `${B} ${doubt}`]);
  });
});

describe('the notices of an event', () => {
  it.each<[what: string, trigger: Trigger, notices: readonly unknown[]]>([
    ['a Spot interruption that is dated', spotTrigger(A, NOW - 1_000), [{ instanceId: A, at: NOW - 1_000 }]],
    ['one that is not dated: it was given now', spotTrigger(A), [{ instanceId: A, at: NOW }]],
    ['one from the beginning of time', spotTrigger(A, 0), [{ instanceId: A, at: 0 }]],
    [
      'one about two instances',
      { kind: 'interruption', instanceIds: [B, A] },
      [
        { instanceId: B, at: NOW },
        { instanceId: A, at: NOW },
      ],
    ],
    ['no other event', stateTrigger(A, NOW), []],
    ['no alarm', alarmTrigger(A, NOW), []],
    ['no sweep', SWEEP, []],
    ['no request', request({ to: A }), []],
    ['no assumption', { kind: 'if-holder-failed' }, []],
  ])('should be those of %s', (_, trigger, notices) => {
    expect(noticesIn(trigger, NOW)).toEqual(notices);
  });
});

describe('a notice', () => {
  it.each([
    [0, true],
    [NOTICE_LASTS_MS, true],
    [NOTICE_LASTS_MS + 1, false],
    [-10_000, true],
    [-10_001, false],
  ])('should be current, or not, when it is %i milliseconds old: %s', (age, current) => {
    const notice = { instanceId: A, at: NOW - age };
    expect(isCurrent(notice, NOW)).toBe(current);
    expect(noticeSignals([notice], NOW, 'noted')).toHaveLength(current ? 1 : 0);
  });

  it.each([
    [NOTICE_MOVES_MS, 1],
    [NOTICE_MOVES_MS + 1, 0],
  ])('should, when its event is %i milliseconds old, speak against a holder %i times', (age, times) => {
    expect(noticeSignals([{ instanceId: A, at: NOW - age }], NOW, 'leaving')).toHaveLength(times);
  });

  it('should move for two minutes, and keep a member out for three', () => {
    expect([NOTICE_MOVES_MS, NOTICE_LASTS_MS]).toEqual([120_000, 180_000]);
  });

  it('should say that the instance is leaving, and since when', () => {
    const notices = [
      { instanceId: A, at: NOW - 5_000 },
      { instanceId: B, at: NOW - 180_001 },
      { instanceId: C, at: NOW },
    ];
    const because = 'is an instance that EC2 takes back within two minutes';
    expect(noticeSignals(notices, NOW, 'noted')).toEqual([
      { instanceId: A, source: 'notice', verdict: 'noted', since: NOW - 5_000, because },
      { instanceId: C, source: 'notice', verdict: 'noted', since: NOW, because },
    ]);
    expect(noticeSignals(notices.slice(2), NOW, 'leaving')).toMatchObject([{ instanceId: C, verdict: 'leaving' }]);
  });
});
