import { type Ahead, findingsAhead } from '../../../lib/core/ahead.ts';
import { aheadChange, formatAhead, parseAhead } from '../../../lib/core/ahead-note.ts';
import type { StandingAlarm } from '../../../lib/core/member-alarms.ts';
import type { MemberView } from '../../../lib/core/model.ts';
import { DEFAULT_SETTINGS } from '../../../lib/core/settings.ts';
import { MAX_VALUE } from '../../../lib/core/tag-text.ts';
import { member, NOW } from '../../support/observation.ts';

const [A, B] = ['i-0aaaaaaaaaaaaaaa1', 'i-0bbbbbbbbbbbbbbb2'];
const HOUR_MS = 3_600_000;

const alarm = (instanceId: string, given: Partial<StandingAlarm> = {}): StandingAlarm => ({
  name: `any name for ${instanceId}`,
  metrics: [{ namespace: 'AWS/EC2', name: 'StatusCheckFailed', instanceId }],
  comparison: 'GreaterThanOrEqualToThreshold',
  threshold: 1,
  state: 'OK',
  since: NOW - HOUR_MS,
  ...given,
});
const pair = (given: Partial<MemberView> = {}): readonly MemberView[] =>
  [A, B].map((id) => member(id, { launchedAt: NOW - HOUR_MS, ...given }));

/** What is found, as `code about`. */
function found(ahead: Ahead, members = pair()): readonly string[] {
  const findings = findingsAhead({ members, now: NOW }, ahead, DEFAULT_SETTINGS);
  for (const { reason, mend } of findings) for (const text of [reason, mend]) expect(text).toMatch(/^[A-Z].*\.$/);
  return findings.map(({ code, about }) => (about === undefined ? code : `${code} ${about}`));
}

describe('the alarms of the members', () => {
  it('should be nothing to tell of where each has one, under any name', () => {
    expect(found({ alarms: [alarm(A), alarm(B)] })).toEqual([]);
  });

  it.each<[what: string, alarms: readonly StandingAlarm[], codes: readonly string[]]>([
    ['nobody has made any', [], [`alarm-missing ${A}`, `alarm-missing ${B}`]],
    ['one is on the host alone', [alarm(A), of(B, 'StatusCheckFailed_System')], [`alarm-missing ${B}`]],
    [
      'one goes off when all is well',
      [alarm(A), alarm(B, { comparison: 'LessThanThreshold' })],
      [`alarm-missing ${B}`],
    ],
    ['one is on the guest', [alarm(A), of(B, 'StatusCheckFailed_Instance')], []],
    ['one is a heartbeat under our prefix', [alarm(A), of(B, 'Beats', 'eni-failover/beat')], []],
    ['one is a heartbeat under another name', [alarm(A), of(B, 'Beats', 'beat')], [`alarm-missing ${B}`]],
    ['one alarm is over a query', [overQuery()], []],
    ['actions are switched off', [alarm(A), alarm(B, { name: 'off', muted: true })], ['alarm-disabled off']],
  ])('should be told of where %s', (_, alarms, codes) => {
    expect(found({ alarms })).toEqual(codes);
  });

  it.each<[what: string, alarm: Partial<StandingAlarm>, member: Partial<MemberView>, told: boolean]>([
    ['for an hour', {}, {}, true],
    ['for ten minutes', { since: NOW - 600_000 }, {}, false],
    ['since it was launched a moment ago', {}, { launchedAt: NOW - 60_000 }, false],
    ['because it is stopped', {}, { state: 'stopped' }, false],
  ])('should be told of where one has no data %s', (_, given, ofMember, told) => {
    const alarms = [alarm(A), alarm(B, { name: 'mute', state: 'INSUFFICIENT_DATA', ...given })];
    expect(found({ alarms }, pair(ofMember))).toEqual(told ? ['alarm-without-data mute'] : []);
  });

  it('should be told of where a mute rule silences one that counts', () => {
    const alarms = [alarm(A, { name: 'muted' }), alarm(B), of(A, 'CPUUtilization', 'busy')];
    expect(found({ alarms, muted: ['muted', 'busy'] })).toEqual(['alarm-muted muted']);
  });

  it('should be of no account for a member that ends', () => {
    expect(found({ alarms: [alarm(A)] }, [member(A), member(B, { state: 'terminated' })])).toEqual([]);
  });
});

function of(instanceId: string, name: string, alarmName = `on ${name}`): StandingAlarm {
  const namespace = name.startsWith('Status') ? 'AWS/EC2' : 'Own';
  return alarm(instanceId, { name: alarmName, metrics: [{ namespace, name, instanceId }] });
}

function overQuery(): StandingAlarm {
  const expression = 'SELECT MAX(StatusCheckFailed) FROM SCHEMA("AWS/EC2", InstanceId) GROUP BY InstanceId';
  return alarm(A, { name: 'fleet', metrics: [{ expression }] });
}

describe('the hardware of the members', () => {
  const inGroup = (...places: readonly MemberView['placement'][]): readonly MemberView[] =>
    places.map((placement, nth) => member(`i-0000000${nth}`, placement && { placement }));
  const STRATEGIES = { apart: 'spread', racks: 'partition', near: 'cluster' };

  it.each<[what: string, places: readonly MemberView['placement'][], told: boolean]>([
    ['no placement group', [undefined, undefined], true],
    ['one spread group', [{ group: 'apart' }, { group: 'apart' }], false],
    ['a spread group for one of them', [{ group: 'apart' }, undefined], true],
    ['one cluster', [{ group: 'near' }, { group: 'near' }], true],
    [
      'two partitions',
      [
        { group: 'racks', partition: 1 },
        { group: 'racks', partition: 2 },
      ],
      false,
    ],
    [
      'one partition',
      [
        { group: 'racks', partition: 1 },
        { group: 'racks', partition: 1 },
      ],
      true,
    ],
    ['a group that nobody knows', [{ group: 'gone' }, { group: 'gone' }], true],
    ['only one member', [undefined], false],
  ])('should be judged by their placement groups: %s', (_, places, told) => {
    expect(found({ strategies: STRATEGIES }, inGroup(...places))).toEqual(told ? ['not-spread'] : []);
  });
});

describe('what IAM says to the calls of a failover', () => {
  it('should block what is denied, in the words of AWS', () => {
    const trials = [
      { code: 'detach-denied', about: 'eni-1' },
      { code: 'attach-denied', about: 'eni-1 to i-2', denied: 'UnauthorizedOperation: no.' },
    ] as const;
    const findings = findingsAhead({ members: [], now: NOW }, { trials }, DEFAULT_SETTINGS);
    expect(findings).toMatchObject([{ code: 'attach-denied', severity: 'blocking', about: 'eni-1 to i-2' }]);
    expect(findings[0]?.reason).toContain('UnauthorizedOperation: no.');
  });
});

describe('what was told of a look ahead', () => {
  const change = (before: Parameters<typeof aheadChange>[0], ahead: Ahead, now = NOW) =>
    aheadChange(before, ahead, findingsAhead({ members: pair(), now }, ahead, DEFAULT_SETTINGS), now);
  const MISSING: Ahead = { alarms: [] };

  it('should be told once, and noted so that it is known again', () => {
    const first = change(undefined, MISSING);
    expect(first?.news).toEqual([expect.stringContaining(A), expect.stringContaining(B)]);
    const noted = first && parseAhead(formatAhead(first.note));
    expect(noted).toEqual(first?.note);
    expect(change(noted, MISSING, NOW + HOUR_MS)).toBeUndefined();
  });

  it('should be told again when it is about another member, and when it is over', () => {
    const noted = change(undefined, { alarms: [alarm(A)] })?.note;
    const other = change(noted, { alarms: [alarm(B)] });
    expect(other?.news).toEqual([expect.stringContaining(A)]);
    const over = change(other?.note, { alarms: [alarm(A), alarm(B)] });
    expect(over?.news).toEqual([expect.stringMatching(/^No longer so: no alarm watches/)]);
    expect(over && formatAhead(over.note)).toMatch(/Z none$/);
  });

  it('should not tell what stays when something else is over, or new', () => {
    const both = { alarms: [alarm(A, { name: 'off', muted: true })] };
    const noted = change(undefined, both)?.note;
    expect(noted?.told).toMatchObject([{ codes: ['alarm-disabled', 'alarm-missing'] }]);
    expect(change(noted, { alarms: [...both.alarms, alarm(B)] })?.news).toEqual([
      expect.stringMatching(/^No longer so: no alarm watches/),
    ]);
  });

  it('should keep what was told of a part that was not looked at', () => {
    const denied: Ahead = { trials: [{ code: 'detach-denied', about: 'eni-1', denied: 'no' }] };
    const noted = change(undefined, { ...MISSING, ...denied })?.note;
    expect(change(noted, MISSING)).toBeUndefined();
    const later = change(noted, { alarms: [alarm(A), alarm(B)] })?.note;
    expect(later?.told.flatMap(({ codes }) => codes)).toEqual(['detach-denied']);
  });

  it('should say nothing of a group where nothing was ever amiss', () => {
    expect(change(undefined, { alarms: [alarm(A), alarm(B)], trials: [] })).toBeUndefined();
  });

  it('should fit into a tag, whatever there is', () => {
    const trials = (['attach-denied', 'detach-denied', 'tagging-denied'] as const).map((code) => {
      return { code, about: code, denied: 'no' };
    });
    const off = alarm(A, { name: 'off', muted: true });
    const mute = alarm(A, { name: 'mute', state: 'INSUFFICIENT_DATA' });
    const all = change(undefined, { alarms: [off, mute], muted: ['mute'], strategies: {}, trials });
    expect(new Set(all?.fresh.map(({ code }) => code)).size).toBe(8);
    const text = all ? formatAhead(all.note) : '';
    expect(text.length).toBeLessThanOrEqual(MAX_VALUE);
    expect(text).toMatch(/^[A-Za-z0-9 +\-=._:/@]+$/);
    expect(parseAhead(text)).toEqual(all?.note);
  });

  it('should take a tag that cannot be read for none', () => {
    for (const text of ['', 'none', 'yesterday alarm-missing@00000000']) expect(parseAhead(text)).toBeUndefined();
    const at = new Date(NOW).toISOString();
    expect(parseAhead(`${at} fear@00000000 alarm-missing@xyz`)).toEqual({ at: NOW, told: [] });
  });
});
