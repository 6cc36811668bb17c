import { elect } from '../../../lib/core/elect.ts';
import { type Electorate, factsOf, verdictOn, verdictOnB } from '../../support/election.ts';
import {
  A,
  alarmOn,
  B,
  C,
  checks,
  ENI,
  ENI2,
  floating,
  inAlarm,
  instanceCheck,
  ledger,
  member,
  NOW,
  observation,
} from '../../support/observation.ts';

/** Who is not well: asked after who is meant and who is in reach. */

const vouched: Electorate = { terms: { ignoreHealthOf: B } };
const itsOwn: Electorate = { terms: { asOldHolder: true } };
const check = (status: Parameters<typeof instanceCheck>[0], id: string = B): Electorate => ({
  checks: { [id]: instanceCheck(status) },
});

type Row = readonly [what: string, given: Electorate, verdict: string];

describe('not-running', () => {
  it.each<Row>([
    ['is stopped', { b: { state: 'stopped' } }, 'not-running: it is stopped'],
    ['is stopping', { b: { state: 'stopping' } }, 'not-running: it is stopping'],
    ['is pending', { b: { state: 'pending' } }, 'not-running: it is pending'],
    ['is shutting down', { b: { state: 'shutting-down' } }, 'not-running: it is shutting-down'],
    ['is terminated', { b: { state: 'terminated' } }, 'not-running: it is terminated'],
    ['is running', { b: { state: 'running' } }, 'eligible'],
    ['is stopped, though vouched for', { b: { state: 'stopped' }, ...vouched }, 'not-running: it is stopped'],
    ['is stopped, and has the interface back as its own', { b: { state: 'stopped' }, ...itsOwn }, 'eligible'],
    ['is stopping, though it was its own', { b: { state: 'stopping' }, ...itsOwn }, 'not-running: it is stopping'],
    ['is pending, though it was its own', { b: { state: 'pending' }, ...itsOwn }, 'not-running: it is pending'],
    [
      'is shutting down, though it was its own',
      { b: { state: 'shutting-down' }, ...itsOwn },
      'not-running: it is shutting-down',
    ],
    ['is in another zone, too', { b: { state: 'stopped', zone: 'us-east-1b' } }, expect.stringMatching(/^other-zone/)],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toEqual(verdict);
  });
});

describe('muted-alarm', () => {
  const said = `muted-alarm: it has the alarm 'eni-failover/web/${B}' in ALARM`;
  const alarmed = (muted: boolean | 'unknown') =>
    ({ alarms: { readable: true, inAlarm: [alarmOn(B, { muted })] } }) as const;
  const unread = `${said}, and whether it is muted could not be read`;
  const nobody = { interfaces: [floating(ENI)] };

  it.each<Row>([
    ['has one', alarmed(true), said],
    ['has one that may be muted', alarmed('unknown'), unread],
    ['has one, while nobody has the interface', { ...alarmed(true), ...nobody }, 'eligible'],
    ['has one that may be muted, while nobody has the interface', { ...alarmed('unknown'), ...nobody }, 'eligible'],
    ['has one and is impaired', { ...alarmed(true), ...check('impaired') }, expect.stringMatching(/^impaired/)],
    [
      'has one and is impaired, while nobody has the interface',
      { ...alarmed(true), ...check('impaired'), ...nobody },
      expect.stringMatching(/^impaired/),
    ],
    ['has one, though vouched for', { ...alarmed(true), ...vouched }, 'eligible'],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toEqual(verdict);
  });
});

describe('own-alarm', () => {
  const said = `own-alarm: it has the alarm 'eni-failover/web/${B}' in ALARM`;
  const cpu = { namespace: 'AWS/EC2', name: 'CPUUtilization', instanceId: B };

  it.each<Row>([
    ['has an alarm of ours', { alarms: inAlarm(B) }, said],
    ['has one and is impaired as well', { alarms: inAlarm(B), ...check('impaired') }, said],
    ['has none, unlike the holder', { alarms: inAlarm(A) }, 'eligible'],
    ['has another’s', { alarms: { readable: true, inAlarm: [{ name: 'cpu', metrics: [cpu] }] } }, 'eligible'],
    ['may have some, nobody knows', { alarms: { readable: false, cause: 'away' } }, 'eligible'],
    ['has one, though vouched for', { alarms: inAlarm(B), ...vouched }, 'eligible'],
    ['has one, when another is vouched for', { alarms: inAlarm(B), terms: { ignoreHealthOf: C } }, said],
    ['has one, and has the interface back as its own', { alarms: inAlarm(B), ...itsOwn }, 'eligible'],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('impaired', () => {
  const away = { alarms: { readable: false, cause: 'away' } } as const;
  const two = checks({ system: 'impaired', application: 'impaired' });

  it.each<Row>([
    ['fails a check', check('impaired'), 'impaired: it fails its instance status check'],
    [
      'fails one that a person made',
      { checks: { [B]: checks({ application: 'impaired' }) } },
      'impaired: it fails its application status check',
    ],
    ['fails two', { checks: { [B]: two } }, 'impaired: it fails its system and application status check'],
    [
      'fails one while CloudWatch is away',
      { ...away, ...check('impaired') },
      'impaired: it fails its instance status check',
    ],
    ['fails none, unlike the holder', check('impaired', A), 'eligible'],
    ['has a check that is suppressed', check('suppressed'), 'eligible'],
    ['has a check that does not apply', check('not-applicable'), 'eligible'],
    ['fails one, though vouched for', { ...check('impaired'), ...vouched }, 'eligible'],
    ['fails one, and has the interface back as its own', { ...check('impaired'), ...itsOwn }, 'eligible'],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('spot-interruption', () => {
  const noticed = (instanceId: string, ageMs: number, more: Electorate = {}): Electorate => ({
    ledger: ledger({ notices: [{ instanceId, at: NOW - ageMs }] }),
    ...more,
  });
  const said = 'spot-interruption: it is an instance that EC2 takes back within two minutes';

  it.each<Row>([
    ['was given notice just now', noticed(B, 0), said],
    ['was given notice three minutes ago', noticed(B, 180_000), said],
    ['was given notice longer ago, and is still there', noticed(B, 180_001), 'eligible'],
    ['was given none, unlike the holder', noticed(A, 0), 'eligible'],
    ['is under notice and still initializing', noticed(B, 0, check('initializing')), said],
    ['is under notice and impaired', noticed(B, 0, check('impaired')), 'impaired: it fails its instance status check'],
    ['is under notice, though vouched for', noticed(B, 0, vouched), 'eligible'],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('initializing', () => {
  const said = 'initializing: it is still initializing its status checks';

  it.each<Row>([
    ['is initializing a check', check('initializing'), said],
    [
      'is initializing one and has too little data for another',
      { checks: { [B]: checks({ system: 'insufficient-data', instance: 'initializing' }) } },
      said,
    ],
    ['has initialized them', check('ok'), 'eligible'],
    ['is initializing, though vouched for', { ...check('initializing'), ...vouched }, 'eligible'],
    [
      'is initializing, while nobody has the interface',
      { ...check('initializing'), interfaces: [floating(ENI)] },
      'eligible',
    ],
    [
      'is initializing, and full, while nobody has the interface',
      { ...check('initializing'), interfaces: [floating(ENI, undefined, { privateIpv4Count: 5 })] },
      `too-few-addresses: ${ENI} has 5 IPv4 addresses and a t3.small allows 4 per interface`,
    ],
    [
      'is initializing, while a part of the group is on one that runs',
      { ...check('initializing'), interfaces: [floating(ENI, A), floating(ENI2)] },
      said,
    ],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });

  it.each(['stopping', 'stopped', 'shutting-down', 'terminated'] as const)(
    'should not matter once the holder is %s: nobody serves',
    (state) => {
      const given = observation({ members: [member(A, { state }), member(B)], ...check('initializing') });
      expect(verdictOn(B, elect(factsOf(given), { holder: { id: A, failed: true } }))).toBe('eligible');
    },
  );
});

describe('health-unknown', () => {
  const unread = 'health-unknown: it has status checks that could not be read';

  it.each<Row>([
    ['was not reported by EC2', { checks: { [B]: undefined } }, unread],
    ['has a check that could not be read', check('unreadable'), unread],
    [
      'has one that could not be read and is initializing another',
      { checks: { [B]: checks({ system: 'initializing', instance: 'unreadable' }) } },
      unread,
    ],
    ['of which nothing was read', { signals: [] }, unread],
    ['has too little data', check('insufficient-data'), 'health-unknown: it has too little data for its status checks'],
    ['was reported well', check('ok'), 'eligible'],
    ['was not reported, though vouched for', { checks: { [B]: undefined }, ...vouched }, 'eligible'],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});
