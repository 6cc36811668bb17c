import type { AlarmReading } from '../../../lib/core/alarms.ts';
import type { InstanceState } from '../../../lib/core/model.ts';
import type { CheckStatus, StatusChecks } from '../../../lib/core/readers.ts';
import {
  A,
  alarmOn,
  alarmTrigger,
  B,
  checks,
  decided,
  inAlarm,
  member,
  NOW,
  observation,
  SWEEP,
} from '../../support/observation.ts';

/** From what was read of the holder to what follows, and the sentence that tells it. */

const CAUSE = 'cloudwatch:DescribeAlarms failed (unavailable): InternalError: oops';
const AWAY: AlarmReading = { readable: false, cause: CAUSE };
const MUTED: AlarmReading = { readable: true, inAlarm: [alarmOn(A, { muted: true })] };
const CPU: AlarmReading = {
  readable: true,
  inAlarm: [{ name: 'cpu', metrics: [{ namespace: 'AWS/EC2', name: 'CPUUtilization', instanceId: A }] }],
};
const CLEAR = inAlarm();

const unwell: StatusChecks = checks({ system: 'impaired', instance: 'unreadable' });
const ALARM = `has the alarm 'eni-failover/web/${A}' in ALARM`;
const WELL = 'passes its status checks and no alarm counts against it';
const UNREAD = 'has status checks that could not be read';
const INITIALIZING = 'is still initializing its status checks';

/** Longer than checks have to be impaired. */
const LONG_AGO = NOW - 600_000;

describe('a holder that is running', () => {
  type Row = readonly [alarms: AlarmReading, read: CheckStatus | StatusChecks, code: string, because: string];

  it.each<Row>([
    [inAlarm(A), 'ok', 'failover', ALARM],
    [inAlarm(A), 'impaired', 'failover', ALARM],
    [inAlarm(A), 'initializing', 'failover', ALARM],
    [inAlarm(A), 'unreadable', 'failover', ALARM],
    [MUTED, 'ok', 'holder-healthy', WELL],
    [MUTED, 'impaired', 'failover', 'fails its instance status check'],
    [CPU, 'ok', 'holder-healthy', WELL],
    [inAlarm(B), 'ok', 'holder-healthy', WELL],
    [CLEAR, 'ok', 'holder-healthy', WELL],
    [CLEAR, 'not-applicable', 'holder-healthy', WELL],
    [CLEAR, 'suppressed', 'holder-healthy', WELL],
    [CLEAR, 'impaired', 'failover', 'fails its instance status check'],
    [CLEAR, checks({ system: 'impaired' }), 'failover', 'fails its system status check'],
    [CLEAR, checks({ attachedEbs: 'impaired' }), 'failover', 'fails its attached EBS status check'],
    [CLEAR, checks({ application: 'impaired' }), 'failover', 'fails its application status check'],
    [
      CLEAR,
      checks({ system: 'impaired', instance: 'impaired' }),
      'failover',
      'fails its system and instance status check',
    ],
    [CLEAR, unwell, 'failover', 'fails its system status check'],
    [CLEAR, 'initializing', 'holder-unknown', INITIALIZING],
    [CLEAR, 'insufficient-data', 'holder-unknown', 'has too little data for its status checks'],
    [CLEAR, 'unreadable', 'holder-unknown', UNREAD],
    [AWAY, 'impaired', 'failover', 'fails its instance status check'],
    [AWAY, 'initializing', 'holder-unknown', INITIALIZING],
    [AWAY, 'unreadable', 'holder-unknown', UNREAD],
    [AWAY, 'ok', 'holder-unknown', `has alarms that could not be read: ${CAUSE}`],
    [AWAY, 'suppressed', 'holder-unknown', `has alarms that could not be read: ${CAUSE}`],
  ])('should be told from %j and %j: %s, because it %s', (alarms, read, code, because) => {
    const told = { ...(typeof read === 'string' ? checks({ instance: read }) : read), impairedSince: LONG_AGO };
    const decision = decided(alarmTrigger(A), observation({ alarms, checks: { [A]: told } }));
    const outcome = code === 'failover' ? ` ${B} takes over.` : '';
    expect([decision.code, decision.reason]).toEqual([code, `The holder ${A} ${because}.${outcome}`]);
  });
});

describe('a holder that is not running', () => {
  it.each<[InstanceState, analysis: string, code: string, because: string]>([
    ['pending', 'holder-unknown', 'holder-unknown', 'is starting'],
    ['stopping', 'holder-stopped', 'failover', 'is stopping'],
    ['stopped', 'holder-stopped', 'failover', 'is stopped'],
    ['shutting-down', 'holder-gone', 'failover', 'is shutting-down'],
    ['terminated', 'holder-gone', 'failover', 'is terminated'],
  ])('should be judged by its state alone: %s', (state, analysis, code, because) => {
    const outcome = code === 'failover' ? ` ${B} takes over.` : '';
    const expected = [analysis, code, `The holder ${A} ${because}.${outcome}`];
    for (const alarms of [CLEAR, MUTED, AWAY, inAlarm(A)]) {
      for (const read of [checks(), unwell, undefined]) {
        const seen = observation({ alarms, members: [member(A, { state }), member(B)], checks: { [A]: read } });
        const decision = decided(SWEEP, seen);
        expect([decision.analysis, decision.code, decision.reason]).toEqual(expected);
      }
    }
  });
});
