import { elect, type ElectionRules } from '../../../lib/core/elect.ts';
import type { MemberView, Observation, StatusChecks } from '../../../lib/core/model.ts';
import {
  A,
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
  settings,
} from '../../support/observation.ts';

const D = 'i-dddddddd';
const tag = (key: string, value: string) => ({ tags: { [`eni-failover:${key}`]: value } });

/** The verdict on B in a group held by A. */
function verdictOnB(b: Partial<MemberView>, given: Partial<Observation> = {}, rules: Partial<ElectionRules> = {}) {
  const seen = observation({ ...given, members: [member(A), member(B, b)] });
  const { eligible, rejected } = elect(seen, {
    settings: settings(),
    holder: { id: A, failed: true },
    ...rules,
  });
  return (
    rejected.find(({ instanceId }) => instanceId === B)?.code ?? eligible.find((c) => c.member.id === B)?.member.id
  );
}

const rankOf = (members: readonly MemberView[], given: Partial<Observation> = {}, rules: Partial<ElectionRules> = {}) =>
  elect(observation({ ...given, members: [member(A), ...members] }), {
    settings: settings(),
    holder: { id: A, failed: true },
    ...rules,
  }).eligible.map((candidate) => candidate.member.id);

describe('a standby', () => {
  it('should be eligible when nothing speaks against it', () => {
    expect(verdictOnB({})).toBe(B);
  });

  it.each<[string, Partial<MemberView>, Partial<Observation>]>([
    ['excluded', tag('exclude', 'yes'), {}],
    ['other-account', { ownerId: '210987654321' }, {}],
    ['other-zone', { zone: 'us-east-1b' }, {}],
    ['not-running', { state: 'stopped' }, {}],
    ['not-running', { state: 'pending' }, {}],
    ['own-alarm', {}, { alarms: inAlarm(B) }],
    ['impaired', {}, { checks: { [B]: instanceCheck('impaired') } }],
    ['initializing', {}, { checks: { [B]: instanceCheck('initializing') } }],
    ['health-unknown', {}, { checks: { [B]: instanceCheck('insufficient-data') } }],
    ['health-unknown', {}, { checks: { [B]: instanceCheck('unreadable') } }],
    ['interface-efa', {}, { interfaces: [floating(ENI, A, { type: 'efa-only' })] }],
    ['interface-managed', {}, { interfaces: [floating(ENI, A, { managedBy: 'eks' })] }],
    ['limits-unreadable', { type: 'm9x.new' }, {}],
    ['too-few-addresses', {}, { interfaces: [floating(ENI, A, { privateIpv4Count: 9 })] }],
    [
      'refused-by-ec2',
      {},
      { experience: { runId: 'run', refused: { [B]: { interfaceId: 'eni-99999999', reason: 'no' } } } },
    ],
  ])('should be rejected as %s', (code, b, given) => {
    expect(verdictOnB(b, given)).toBe(code);
  });

  it('should be eligible while CloudWatch is away and EC2 vouches for it', () => {
    expect(verdictOnB({}, { alarms: { readable: false, cause: 'away' } })).toBe(B);
  });

  it('should be eligible in another VPC of the same account and zone', () => {
    expect(verdictOnB({ vpcId: 'vpc-2' })).toBe(B);
  });

  it('should be rejected for what is wrong first: meant, reachable, alive, able', () => {
    const all = { zone: 'us-east-1b', state: 'stopped', type: 'm9x.new' } as const;
    expect(verdictOnB({ ...all, ...tag('exclude', '') })).toBe('excluded');
    expect(verdictOnB(all)).toBe('other-zone');
    expect(verdictOnB({ ...all, zone: 'us-east-1a' })).toBe('not-running');
  });
});

describe('the rules of an election', () => {
  it.each([
    [true, 'failed-holder'],
    [false, 'current-holder'],
  ])('should keep the holder out (failed: %s)', (failed, code) => {
    const { rejected } = elect(observation(), { settings: settings(), holder: { id: A, failed } });
    expect(rejected).toEqual([expect.objectContaining({ instanceId: A, code })]);
  });

  it.each(['not-requested', 'intent-pending'] as const)(
    'should keep out all but the one that is meant: %s',
    (because) => {
      const seen = observation({ members: [member(A), member(B), member(C)] });
      const { eligible, rejected } = elect(seen, { settings: settings(), only: { instanceId: C, because } });
      expect(eligible.map((candidate) => candidate.member.id)).toEqual([C]);
      expect(rejected.map(({ code }) => code)).toEqual([because, because]);
    },
  );

  it('should accept a person’s word for the health of one member, and of that one only', () => {
    const given = { checks: { [B]: instanceCheck('impaired') } };
    expect(verdictOnB({}, given, { ignoreHealthOf: B })).toBe(B);
    expect(verdictOnB({}, given, { ignoreHealthOf: C })).toBe('impaired');
  });

  it.each<[string, Partial<MemberView>]>([
    ['other-zone', { zone: 'us-east-1b' }],
    ['other-account', { ownerId: '210987654321' }],
    ['not-running', { state: 'stopped' }],
    ['excluded', tag('exclude', '')],
  ])('should not accept a person’s word for anything else: %s', (code, b) => {
    expect(verdictOnB(b, {}, { ignoreHealthOf: B })).toBe(code);
  });

  it.each<[string, Partial<MemberView>, Partial<Observation>]>([
    ['failed', {}, { alarms: inAlarm(B) }],
    ['stopped', { state: 'stopped' }, {}],
    ['excluded', tag('exclude', ''), {}],
  ])('should accept a refuge that is %s', (_, b, given) => {
    expect(verdictOnB(b, given, { asRefuge: true })).toBe(B);
  });

  it.each<[string, Partial<MemberView>, Partial<Observation>]>([
    ['not-running', { state: 'stopping' }, {}],
    ['not-running', { state: 'shutting-down' }, {}],
    ['other-zone', { zone: 'us-east-1b' }, {}],
    [
      'refused-by-ec2',
      {},
      { experience: { runId: 'run', refused: { [B]: { interfaceId: 'eni-99999999', reason: 'no' } } } },
    ],
  ])('should not accept a refuge that is %s', (code, b, given) => {
    expect(verdictOnB(b, given, { asRefuge: true })).toBe(code);
  });
});

describe('the ranking', () => {
  it('should put the higher priority first', () => {
    expect(rankOf([member(B, tag('priority', '1')), member(C), member(D, tag('priority', '2'))])).toEqual([D, B, C]);
  });

  it('should put an instance with a scheduled event after its equals', () => {
    const given = { checks: { [B]: checks({ scheduledEvents: ['instance-retirement'] }) } };
    expect(rankOf([member(B), member(C)], given)).toEqual([C, B]);
    expect(rankOf([member(B, tag('priority', '1')), member(C)], given)).toEqual([B, C]);
  });

  it('should put a forcibly detached one last until it is launched anew', () => {
    const forced = (launchedAt: number) => ({ ledger: ledger({ forced: [{ instanceId: B, launchedAt }] }) });
    const members = [member(B, { ...tag('priority', '9'), launchedAt: NOW }), member(C)];
    expect(rankOf(members, {}, forced(NOW))).toEqual([C, B]);
    expect(rankOf(members, {}, forced(NOW - 1))).toEqual([B, C]);
  });

  it('should fall back to the order of ids', () => {
    expect(rankOf([member(D), member(C), member(B)])).toEqual([B, C, D]);
  });
});

describe('a group of two interfaces', () => {
  it('should be placed as a whole or not at all', () => {
    const interfaces = [floating(ENI, A), floating(ENI2, A, { privateIpv4Count: 9 })];
    expect(verdictOnB({}, { interfaces })).toBe('too-few-addresses');
  });
});

describe('a member that refused an interface', () => {
  const refused = (interfaceId: string) => ({
    experience: { runId: 'run-1', refused: { [B]: { interfaceId, reason: 'no' } } },
  });
  const split = [floating(ENI, A), floating(ENI2, B)];

  it('should be passed over, unless it has that very interface by now', () => {
    expect(verdictOnB({}, refused(ENI))).toBe('refused-by-ec2');
    expect(verdictOnB({}, { interfaces: split, ...refused(ENI2) })).toBe(B);
    expect(verdictOnB({}, { interfaces: split, ...refused(ENI) })).toBe('refused-by-ec2');
    const elsewhere = [floating(ENI, A), floating(ENI2, C)];
    expect(verdictOnB({}, { interfaces: elsewhere, ...refused(ENI2) })).toBe('refused-by-ec2');
  });
});

describe('the surer of two', () => {
  const given = (b: Partial<StatusChecks>, c: Partial<StatusChecks> = {}) =>
    rankOf([member(B), member(C)], { checks: { [B]: checks(b), [C]: checks(c) } });

  it('should be the one whose checks all say ok', () => {
    for (const check of ['system', 'instance', 'attachedEbs', 'application'] as const) {
      expect(given({ [check]: 'suppressed' })).toEqual([C, B]);
      expect(given({}, { [check]: 'suppressed' })).toEqual([B, C]);
    }
    expect(given({ system: 'suppressed' }, { system: 'suppressed', instance: 'suppressed' })).toEqual([B, C]);
    expect(given({ system: 'suppressed', instance: 'suppressed' }, { system: 'suppressed' })).toEqual([C, B]);
  });

  it('should not be decided by a check that does not apply', () => {
    expect(given({ application: 'not-applicable' }, { application: 'ok' })).toEqual([B, C]);
    expect(given({ application: 'ok' }, { application: 'not-applicable' })).toEqual([B, C]);
  });

  it('should be decided before what is scheduled, and after the priority', () => {
    expect(given({ system: 'suppressed' }, { scheduledEvents: ['instance-retirement'] })).toEqual([C, B]);
    const members = [member(B, tag('priority', '1')), member(C)];
    expect(rankOf(members, { checks: { [B]: checks({ system: 'suppressed' }) } })).toEqual([B, C]);
  });

  it('should not be the one that was detached by force, whoever else was', () => {
    const forced = [
      { instanceId: B, launchedAt: NOW - 86_400_000 },
      { instanceId: 'i-eeeeeeee', launchedAt: 1 },
    ];
    expect(rankOf([member(B), member(C)], {}, { ledger: ledger({ forced }) })).toEqual([C, B]);
  });
});
