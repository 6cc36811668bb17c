import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Analysis, type CodeRow, CODES, type DecisionCode, type RejectionCode } from '../../../lib/core/codes.ts';
import type { Decision } from '../../../lib/core/decide.ts';
import {
  A,
  alarmTrigger,
  attachment,
  B,
  checks,
  decided,
  ENI,
  ENI2,
  floating,
  type Given,
  alarmOn,
  inAlarm,
  instanceCheck,
  intent,
  ledger,
  ledgerTags,
  member,
  moving,
  NOW,
  observation,
  request,
  spotTrigger,
  SWEEP,
  T3_SMALL,
  UNREAD_CHECKS,
} from '../../support/observation.ts';
import { decidedFor, NOT_SERVING, probed, seenFor, verdictTrigger } from '../../support/probe.ts';
import { loose, recorded } from '../../support/words.ts';

/** The shortest way to each code. What else there is to know about one is where a `describe` begins with it. */

const STATUS = request({ action: 'status' });
const look = (given: Given = {}) => decided(STATUS, observation(given));
const alarm = (given: Given = {}) => decided(alarmTrigger(A), observation(given));
const sick = (given: Given = {}) => alarm({ alarms: inAlarm(A), ...given });
const asked = (given: Parameters<typeof request>[0], seen: Given = {}) => decided(request(given), observation(seen));
const withA = (given: Parameters<typeof member>[1]) => ({ members: [member(A, given), member(B)] });
const withB = (given: Parameters<typeof member>[1]) => ({ members: [member(A), member(B, given)] });
const on = (id: string, holder: string, given: Parameters<typeof floating>[2] = {}) =>
  floating(id, attachment(id, holder, { deviceIndex: id === ENI ? 1 : 2 }), given);
const checkOfB = (status: Parameters<typeof instanceCheck>[0]) => ({ checks: { [B]: instanceCheck(status) } });
const OWN = { memory: { runId: 'run-1' } };
const DENIED = { interfaceId: ENI, reason: 'the attach is denied', denied: true };
const half = (memory: object) => decided(SWEEP, loose(moving()), { memory: { ...OWN.memory, ...memory } });
const IN_3 = { attachment: attachment(ENI, A, { deviceIndex: 3 }) };
const slots = (...indexes: readonly number[]) => ({
  slots: indexes.map((deviceIndex) => ({ interfaceId: `eni-${deviceIndex}`, deviceIndex, networkCardIndex: 0 })),
});

const FULL = Object.fromEntries(Array.from({ length: 49 }, (_, nth) => [`team:${nth}`, 'x']));

const WAYS: Readonly<Record<Analysis | DecisionCode | RejectionCode, () => Decision>> = {
  'group-unreadable': () => alarm({ unreadable: [{ id: ENI2, reason: 'odd', tags: {} }] }),
  'group-unknown': () => alarm({ interfaces: [] }),
  'too-many-interfaces': () =>
    alarm({ interfaces: Array.from({ length: 16 }, (_, nth) => floating(`eni-000000${10 + nth}`, A)) }),
  'interface-primary': () => alarm({ interfaces: [floating(ENI, attachment(ENI, A, { deviceIndex: 0 }))] }),
  'interfaces-span-zones': () => alarm({ interfaces: [on(ENI, A), on(ENI2, A, { zone: 'us-east-1b' })] }),
  'holder-not-member': () => alarm({ members: [member(B)] }),
  'operation-interrupted': () => look({ interfaces: [floating(ENI, undefined, { tags: ledgerTags(moving()) })] }),
  'group-split': () => alarm({ interfaces: [on(ENI, A), on(ENI2, B)] }),
  'interface-unattached': () => look({ interfaces: [floating(ENI)] }),
  'group-parked': () => alarm({ members: [member(A, { state: 'stopped' })] }),
  'members-span-zones': () => look(withB({ zone: 'us-east-1b' })),
  'holder-gone': () => look(withA({ state: 'terminated' })),
  'holder-stopped': () => look(withA({ state: 'stopped' })),
  'holder-impaired': () => look({ alarms: inAlarm(A) }),
  'holder-unreachable': () => decidedFor(),
  'holder-not-serving': () => decidedFor(NOT_SERVING),
  'holder-leaving': () => decided(spotTrigger(A), observation()),
  'holder-unknown': () => alarm(withA({ state: 'pending' })),
  'holder-healthy': () => alarm(),

  status: () => look(),
  'not-the-holder': () => decided(alarmTrigger(B), observation()),
  'already-moved': () => asked({ from: B }),
  'already-there': () => asked({ to: A }),
  'ledger-drift': () => decided(SWEEP, recorded(ledger({ holder: B }))),

  'verdict-overtaken': () => decidedFor({ attachmentId: 'eni-attach-0' }),
  'probe-serving': () => decidedFor({ verdict: 'serving', acts: false }),
  'probe-answers': () => decidedFor({}, { found: 'answers' }),
  'probe-unconfirmed': () => decidedFor({}, { found: 'unknown' }),
  'probe-reported': () => decidedFor({ acts: false }),
  'probe-blind': () => decidedFor({ verdict: 'probe-blind', acts: false }),
  'probe-no-witness': () => decidedFor({ verdict: 'probe-no-witness', acts: false }),
  'probe-never-answered': () => decidedFor({ verdict: 'probe-never-answered', acts: false }),
  'probe-slow': () => decidedFor({ verdict: 'probe-slow', acts: false }),
  'probe-over-capacity': () => decidedFor({ verdict: 'probe-over-capacity', acts: false, neededMb: 256 }),
  'moved-not-serving': () => {
    const operation = intent({ from: B, to: A, probed: true });
    return decidedFor({ verdict: 'probe-never-answered', acts: false }, { ledger: ledger({ operation }) });
  },

  'attach-denied': () =>
    decided(alarmTrigger(A), observation({ alarms: inAlarm(A) }), { memory: { denied: { [B]: DENIED } } }),
  'candidates-unknown': () => sick({ checks: { [B]: undefined }, missing: [UNREAD_CHECKS] }),
  'no-candidate': () => sick({ members: [member(A)] }),
  'target-not-eligible': () => asked({ to: 'i-cccccccc' }),
  'operation-in-progress': () => decided(SWEEP, recorded(moving())),
  'unattached-unconfirmed': () => decided(SWEEP, loose(ledger())),
  'impaired-recently': () => decided(SWEEP, observation({ checks: { [A]: instanceCheck('impaired') } })),
  'mode-manual': () => decided(SWEEP, observation({ alarms: inAlarm(A) }), { settings: { mode: 'manual' } }),
  paused: () => decided(SWEEP, recorded(ledger({ pausedUntil: NOW + 1 }), { alarms: inAlarm(A) })),
  'vouched-for': () => {
    const operation = intent({ from: B, to: A, automatic: false, ignoreHealth: true });
    return decided(SWEEP, recorded(ledger({ operation, movedAt: NOW - 1 }), { alarms: inAlarm(A) }));
  },
  cooldown: () => decided(SWEEP, recorded(ledger({ moves: [NOW, NOW] }), { alarms: inAlarm(A) })),
  'change-throttled': () => {
    const loose = { count: 2, lastAt: NOW, throttled: true } as const;
    return decided(SWEEP, recorded(ledger({ loose }), { alarms: inAlarm(A) }));
  },
  'detach-refused': () => {
    const tried = { refused: [{ instanceId: A, at: NOW, code: 'kept' }], loose: { count: 1, lastAt: NOW } };
    return decided(SWEEP, recorded(ledger(tried), { alarms: inAlarm(A) }));
  },
  'request-not-kept': () => asked({ action: 'pause' }, { interfaces: [on(ENI, A, { tags: FULL })] }),
  'holder-not-well': () => asked({ action: 'switchover' }, { alarms: inAlarm(A) }),
  'not-ready': () => asked({ action: 'drill' }, { interfaces: [floating(ENI, A, { tags: FULL })] }),
  'nobody-preferred': () => asked({ action: 'failback' }),
  'repeated-request': () => decided(request(), recorded(ledger({ movedAt: NOW }))),

  failover: () => sick(),
  drill: () => asked({ action: 'drill' }),
  switchover: () => asked({ action: 'switchover' }),
  attach: () => asked({}, { interfaces: [floating(ENI)] }),
  complete: () => decided(SWEEP, loose(moving())),
  'roll-back': () => half({ abandoned: 'it was denied' }),
  close: () => decided(SWEEP, recorded(moving()), OWN),

  pause: () => asked({ action: 'pause' }),
  resume: () => asked({ action: 'resume' }),
  acknowledge: () => asked({ action: 'acknowledge' }),

  'failed-holder': () => sick(),
  'current-holder': () => asked({}),
  'not-requested': () => asked({ to: 'i-cccccccc' }),
  'not-a-member': () => asked({ to: 'i-cccccccc' }),
  'intent-pending': () => decided(SWEEP, loose(moving())),
  'attachment-in-transit': () =>
    decided(SWEEP, observation({ interfaces: [floating(ENI, attachment(ENI, A, { status: 'detaching' }))] })),
  'attach-stuck': () => half({ stuck: { [B]: 'the attach of it does not end' } }),
  'holder-serves': () => decided(request(), observation({ interfaces: [on(ENI, A), floating(ENI2)] })),
  'refused-by-ec2': () => half({ refused: { [B]: { interfaceId: ENI, reason: 'no slot' } } }),
  'spot-interruption': () =>
    decided(SWEEP, recorded(ledger({ notices: [{ instanceId: B, at: NOW }] }), { alarms: inAlarm(A) })),
  excluded: () => sick(withB({ tags: { 'eni-failover:exclude': 'true' } })),
  'other-account': () => sick(withB({ ownerId: '210987654321' })),
  'other-zone': () => sick(withB({ zone: 'us-east-1b' })),
  'other-outpost': () => sick(withB({ outpost: 'arn:aws:outposts:us-east-1:123456789012:outpost/op-1' })),
  'not-running': () => sick(withB({ state: 'stopped' })),
  'device-index-withheld': () => {
    const devices = [{ deviceIndex: 1, networkCardIndex: 0 }];
    const { launchedAt } = member(B);
    const tags = {
      'eni-failover:device-index': '1',
      ...ledgerTags(ledger({ forced: [{ instanceId: B, launchedAt, devices }] })),
    };
    return asked({}, { interfaces: [on(ENI, A, { tags })] });
  },
  'own-alarm': () => alarm({ alarms: inAlarm(A, B) }),
  'muted-alarm': () => alarm({ alarms: { readable: true, inAlarm: [alarmOn(A), alarmOn(B, { muted: true })] } }),
  unreachable: () => {
    const interfaces = [probed({}, { attachment: undefined as never })];
    return decided({ kind: 'if-holder-failed' }, seenFor(verdictTrigger(), { found: 'agrees', interfaces }));
  },
  'fails-probe': () => decidedFor({ ...NOT_SERVING, standbys: [{ instanceId: B, passes: false }] }),
  impaired: () => sick(checkOfB('impaired')),
  initializing: () => sick(checkOfB('initializing')),
  'health-unknown': () => sick({ checks: { [B]: checks({ system: 'unreadable' }) } }),
  'interface-efa': () => sick({ interfaces: [on(ENI, A, { type: 'efa' })] }),
  'interface-managed': () => sick({ interfaces: [on(ENI, A, { managedBy: 'eks.amazonaws.com' })] }),
  'interface-special': () => sick({ interfaces: [on(ENI, A, { type: 'trunk' })] }),
  'instance-managed': () => sick(withB({ managedBy: 'eks.amazonaws.com' })),
  'limits-unreadable': () => sick(withB({ type: 'm9x.new' })),
  'no-free-slot': () => sick(withB(slots(0, 2, 3))),
  'no-free-attachment': () =>
    sick({ ...withB({ volumes: 27 }), limits: { 't3.small': { ...T3_SMALL, sharedAttachments: 27 } } }),
  'device-index-taken': () => sick(withB(slots(0, 1))),
  'device-index-beyond-limit': () =>
    sick({ interfaces: [on(ENI, A, { tags: { 'eni-failover:device-index': '3' }, ...IN_3 })] }),
  'too-few-addresses': () => sick({ interfaces: [on(ENI, A, { privateIpv4Count: 5 })] }),
};

/** An event that is ignored and a turn that failed are no decisions, and a warning decides nothing: other tests have those. */
const UNDECIDED: readonly string[] = ['ignored', 'failed', 'warning', 'readiness', 'ahead', 'upkeep'];
const DECIDED = CODES.filter(({ kind }) => !UNDECIDED.includes(kind));

/** The codes of one kind that a decision carries. */
function carried({ analysis, code, kind, rejected }: Decision, wanted: string): readonly string[] {
  if (wanted === 'analysis') return [analysis];
  if (wanted === 'rejection') return rejected.map((each) => each.code);
  return kind === (wanted === 'edit' ? 'act' : wanted) ? [code] : [];
}

/** The files of this folder with a `describe` whose title is a code, or begins with one and a comma. */
const HOMES = readdirSync(__dirname)
  .filter((file) => file.endsWith('.test.ts'))
  .flatMap((file) => {
    const titles = readFileSync(join(__dirname, file), 'utf8').matchAll(/^describe\(\s*'([a-z0-9-]+)[',]/gm);
    return [...new Set([...titles].map(([, code]) => code))].map((code) => ({ code, file }));
  });

const sideOf = ({ kind }: CodeRow): boolean => kind === 'rejection';

describe('every code of a decision', () => {
  it.each(DECIDED)('should be produced by one: $kind $code', ({ kind, code }) => {
    const way = (WAYS as Readonly<Record<string, () => Decision>>)[code];
    expect(way && carried(way(), kind)).toContain(code);
  });

  it.each(DECIDED)('should have one test file that is about it: $kind $code', ({ kind, code }) => {
    const files = HOMES.filter((home) => home.code === code).map(({ file }) => file);
    expect(files.filter((file) => file.startsWith('rejections') === (kind === 'rejection'))).toHaveLength(1);
    // What is said of a member can be what is said of its group as well.
    expect(files).toHaveLength(new Set(DECIDED.filter((row) => row.code === code).map(sideOf)).size);
  });
});
