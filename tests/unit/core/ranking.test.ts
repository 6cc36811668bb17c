import type { MemberView } from '../../../lib/core/model.ts';
import type { StatusChecks } from '../../../lib/core/readers.ts';
import { type Electorate, rankingOf } from '../../support/election.ts';
import {
  A,
  alarmOn,
  attachment,
  B,
  C,
  checks,
  ENI,
  floating,
  instanceCheck,
  ledger,
  member,
  NOW,
  T3_SMALL,
} from '../../support/observation.ts';

/** The order of those that may take over: B comes before C by its id, unless something speaks for C. */

const D = 'i-dddddddd';
const DAY_MS = 86_400_000;
const RETIREMENT: Partial<StatusChecks> = { scheduledEvents: ['instance-retirement'] };
const SUPPRESSED: Partial<StatusChecks> = { system: 'suppressed' };

const priority = (text: string) => ({ tags: { 'eni-failover:priority': text } });
const forced = (...launches: readonly (readonly [instanceId: string, launchedAt: number])[]): Electorate => ({
  ledger: ledger({ forced: launches.map(([instanceId, launchedAt]) => ({ instanceId, launchedAt })) }),
});

type Row = readonly [what: string, b: Partial<MemberView>, c: Partial<MemberView>, first: string];

describe('the priority of a candidate', () => {
  it.each<Row>([
    ['is higher', {}, priority('5'), C],
    ['is lower', priority('5'), {}, B],
    ['is higher by one', priority('4'), priority('5'), C],
    ['is higher as a number, not as text', priority('9'), priority('10'), C],
    ['is the default, and the other’s negative', priority('-1'), {}, C],
    ['is the default, and the other’s malformed', priority('high'), {}, B],
    ['is a number, and the other’s malformed', priority('high'), priority('1'), C],
    ['is the same', priority('5'), priority('5'), B],
    ['is the default, written out', {}, priority('0'), B],
  ])('should decide: the one of C %s', (_, b, c, first) => {
    expect(rankingOf([member(B, b), member(C, c)])[0]).toBe(first);
  });

  it('should put any number of them in order', () => {
    const standbys = [member(B, priority('1')), member(C), member(D, priority('2'))];
    expect(rankingOf(standbys)).toEqual([D, B, C]);
  });
});

describe('what is known of two candidates of the same priority', () => {
  it.each<[what: string, b: Partial<StatusChecks>, c: Partial<StatusChecks>, first: string]>([
    ['nothing that tells them apart', {}, {}, B],
    ['a suppressed system check of B', { system: 'suppressed' }, {}, C],
    ['a suppressed instance check of B', { instance: 'suppressed' }, {}, C],
    ['a suppressed check of the volumes of B', { attachedEbs: 'suppressed' }, {}, C],
    ['a suppressed application check of B', { application: 'suppressed' }, {}, C],
    ['a suppressed check of C', {}, SUPPRESSED, B],
    ['one suppressed check of each', SUPPRESSED, { instance: 'suppressed' }, B],
    ['two suppressed checks of B and one of C', { ...SUPPRESSED, instance: 'suppressed' }, SUPPRESSED, C],
    ['two suppressed checks of C and one of B', SUPPRESSED, { ...SUPPRESSED, instance: 'suppressed' }, B],
    ['a check that does not apply to B', {}, { application: 'ok' }, B],
    ['a check that does not apply to C', { application: 'ok' }, {}, B],
    ['that EC2 retires B', RETIREMENT, {}, C],
    ['that EC2 retires C', {}, RETIREMENT, B],
    ['that EC2 retires both', RETIREMENT, RETIREMENT, B],
    ['two events for B and one for C', { scheduledEvents: ['instance-reboot', 'instance-retirement'] }, RETIREMENT, B],
    ['a suppressed check of B, and that EC2 retires C', SUPPRESSED, RETIREMENT, C],
    ['that EC2 retires B, and a suppressed check of C', RETIREMENT, SUPPRESSED, B],
  ])('should decide: %s', (_, b, c, first) => {
    expect(rankingOf([member(B), member(C)], { checks: { [B]: checks(b), [C]: checks(c) } })[0]).toBe(first);
  });

  it.each([
    ['a suppressed check', SUPPRESSED],
    ['what EC2 has planned', RETIREMENT],
  ])('should not outweigh the priority: %s', (_, b) => {
    const standbys = [member(B, priority('1')), member(C)];
    expect(rankingOf(standbys, { checks: { [B]: checks(b) } })).toEqual([B, C]);
  });

  it('should not be upset by alarms that could not be read', () => {
    const alarms = { readable: false, cause: 'CloudWatch is away' } as const;
    expect(rankingOf([member(B), member(C)], { alarms })).toEqual([B, C]);
  });
});

describe('a candidate that was detached by force', () => {
  const standbys = [member(B, priority('9')), member(C)];

  it.each<[what: string, given: Electorate, order: readonly string[]]>([
    ['last, whatever its priority', forced([B, NOW - DAY_MS]), [C, B]],
    ['as ever once it was launched anew', forced([B, NOW - DAY_MS - 1]), [B, C]],
    ['last, though another was detached by force as well', forced([B, NOW - DAY_MS], [D, 1]), [C, B]],
    ['as ever when it was another that was', forced([D, NOW - DAY_MS]), [B, C]],
    ['as ever when all of them were', forced([B, NOW - DAY_MS], [C, NOW - DAY_MS]), [B, C]],
  ])('should come %s', (_, given, order) => {
    expect(rankingOf(standbys, given)).toEqual(order);
  });

  it('should come after one that EC2 retires and whose check is suppressed', () => {
    const doubtful = { [C]: checks({ ...SUPPRESSED, ...RETIREMENT }) };
    expect(rankingOf([member(B), member(C)], { ...forced([B, NOW - DAY_MS]), checks: doubtful })).toEqual([C, B]);
  });
});

describe('candidates that nothing tells apart', () => {
  it('should come in the order of their ids, in whatever order they are seen', () => {
    for (const order of [
      [B, C, D],
      [D, C, B],
      [C, D, B],
    ]) {
      expect(rankingOf(order.map((id) => member(id)))).toEqual([B, C, D]);
    }
  });
});

describe('a candidate that is the last resort', () => {
  const nobody = { interfaces: [floating(ENI)], checks: { [B]: instanceCheck('initializing') } };

  it('should come after every other one, whatever its priority, and one that needs a restart', () => {
    const standbys = [member(B, priority('9')), member(C)];
    expect(rankingOf(standbys, nobody)).toEqual([C, B]);
    expect(rankingOf(standbys, { ...nobody, ...forced([C, NOW - DAY_MS]) })).toEqual([C, B]);
  });

  it('should be none while somebody may serve', () => {
    expect(rankingOf([member(B), member(C)], { checks: nobody.checks })).toEqual([C]);
  });

  it('should be one whose alarm is muted, too', () => {
    const muted = { alarms: { readable: true, inAlarm: [alarmOn(B, { muted: true })] } } as const;
    const standbys = [member(B, priority('9')), member(C)];
    expect(rankingOf(standbys, { interfaces: nobody.interfaces, ...muted })).toEqual([C, B]);
    expect(rankingOf(standbys, muted)).toEqual([C]);
  });
});

describe('a candidate on which an interface changes its device index', () => {
  const at2 = { interfaces: [floating(ENI, attachment(ENI, A, { deviceIndex: 2 }))] };
  const small = {
    't3.small': T3_SMALL,
    't3.micro': { ...T3_SMALL, maxInterfaces: 2, cards: [{ index: 0, maxInterfaces: 2 }] },
  };

  it('should come after one on which it does not, of the same priority', () => {
    expect(rankingOf([member(B, { type: 't3.micro' }), member(C)], { ...at2, limits: small })).toEqual([C, B]);
    const wanted = member(B, { type: 't3.micro', ...priority('1') });
    expect(rankingOf([wanted, member(C)], { ...at2, limits: small })).toEqual([B, C]);
  });
});

describe('an instance that somebody else has left while this run was looking', () => {
  it('should come last, whatever its priority: whoever left it may know why', () => {
    const standbys = [member(B, priority('9')), member(C)];
    expect(rankingOf(standbys, { memory: { left: [B] } })).toEqual([C, B]);
    expect(rankingOf(standbys)).toEqual([B, C]);
  });
});
