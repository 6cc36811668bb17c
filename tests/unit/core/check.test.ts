import { readFileSync } from 'node:fs';
import { READINESS } from '../../../lib/core/codes-of-readiness.ts';
import { decide } from '../../../lib/core/decide.ts';
import { freshMemory } from '../../../lib/core/memory.ts';
import { mendOf } from '../../../lib/core/mends.ts';
import type { Observation } from '../../../lib/core/model.ts';
import { type Finding, readinessOf } from '../../../lib/core/readiness.ts';
import { DEFAULT_SETTINGS } from '../../../lib/core/settings.ts';
import {
  A,
  attachment,
  B,
  C,
  checks,
  ENI,
  ENI2,
  floating,
  type Given,
  inAlarm,
  instanceCheck,
  ledger,
  member,
  NOW,
  observation,
  UNREAD_CHECKS,
} from '../../support/observation.ts';
import { recorded } from '../../support/words.ts';

/** What a check of a group finds. */
const look = (seen: Observation) =>
  readinessOf(decide({ kind: 'if-holder-failed' }, seen, freshMemory('run-now'), DEFAULT_SETTINGS));
const check = (given: Given = {}) => look(observation(given));
const brief = ({ code, severity, about }: Finding): string =>
  [severity === 'blocking' ? '!' : '?', code, about ?? ''].join(' ').trim();
const found = (given: Given) => check(given).findings.map(brief);

const withB = (given: Parameters<typeof member>[1]): Given => ({ members: [member(A), member(B, given)] });
const FULL = Object.fromEntries(Array.from({ length: 49 }, (_, nth) => [`team:${nth}`, 'x']));
const retired = checks({ scheduledEvents: ['instance-retirement'] });

describe('a check', () => {
  it('should find nothing in a group that is well', () => {
    expect(check()).toEqual({ ready: true, findings: [] });
  });

  it.each<[string, Given]>([
    ['! no-standby', { members: [member(A)] }],
    ['! every-member-stopped', { members: [member(A, { state: 'stopped' }), member(B, { state: 'stopped' })] }],
    [`! not-running ${B}`, withB({ state: 'stopped' })],
    [`! impaired ${B}`, { checks: { [B]: instanceCheck('impaired') } }],
    [`! initializing ${B}`, { checks: { [B]: instanceCheck('initializing') } }],
    [`! excluded ${B}`, withB({ tags: { 'eni-failover:exclude': 'yes' } })],
    [`! other-zone ${B}`, withB({ zone: 'us-east-1b' })],
    [`! own-alarm ${B}`, { alarms: inAlarm(B) }],
    [
      `! no-free-slot ${B}`,
      withB({
        slots: [0, 1, 2].map((deviceIndex) => ({
          interfaceId: `eni-${deviceIndex}`,
          deviceIndex,
          networkCardIndex: 0,
        })),
      }),
    ],
    [
      `! device-index-taken ${B}`,
      {
        interfaces: [floating(ENI, A, { tags: { 'eni-failover:device-index': '1' } })],
        ...withB({
          slots: [0, 1].map((deviceIndex) => ({ interfaceId: `eni-${deviceIndex}`, deviceIndex, networkCardIndex: 0 })),
        }),
      },
    ],
    [`! interface-managed ${B}`, { interfaces: [floating(ENI, A, { managedBy: 'elb' })] }],
    ['! interface-primary', { interfaces: [floating(ENI, attachment(ENI, A, { deviceIndex: 0 }))] }],
    ['! interfaces-span-zones', { interfaces: [floating(ENI, A), floating(ENI2, A, { zone: 'us-east-1b' })] }],
    ['! holder-not-member', { members: [member(B)] }],
    [`! tags-full ${ENI}`, { interfaces: [floating(ENI, A, { tags: FULL })] }],
    ['! group-tag-malformed i-cccccccc', { misnamed: [{ id: C, tag: 'web,db' }] }],
  ])('should find what stands in the way: %s', (expected, given) => {
    const { ready, findings } = check(given);
    expect(ready).toBe(false);
    expect(findings.map(brief)).toEqual([expected]);
  });

  it.each<[string, Given]>([
    [
      `? delete-on-termination ${ENI}`,
      { interfaces: [floating(ENI, attachment(ENI, A, { deleteOnTermination: true }))] },
    ],
    ['? tag-malformed', withB({ tags: { 'eni-failover:priority': 'high' } })],
    ['? tag-malformed', { interfaces: [floating(ENI, A, { tags: { 'eni-failover:cooldown': 'long' } })] }],
    [`? unknown-tag ${ENI}`, { interfaces: [floating(ENI, A, { tags: { 'eni-failover:cool-down': '5' } })] }],
    [`? retirement-scheduled ${A}`, { checks: { [A]: retired } }],
    [`? retirement-scheduled ${B}`, { checks: { [B]: retired } }],
    [`? auto-scaling-member ${B}`, withB({ tags: { 'aws:autoscaling:groupName': 'web-asg' } })],
    ['? mode-manual', { interfaces: [floating(ENI, A, { tags: { 'eni-failover:mode': 'manual' } })] }],
    ['? read-missing', { missing: [UNREAD_CHECKS] }],
  ])('should find what ought to be put right: %s', (expected, given) => {
    const { ready, findings } = check(given);
    expect(ready).toBe(true);
    expect(findings.map(brief)).toEqual([expected]);
  });

  it('should say who stopped the members', () => {
    const by = (stateReason: string) => ({ state: 'stopped', stateReason }) as const;
    const members = [
      member(A, by('Client.UserInitiatedShutdown: User initiated shutdown')),
      member(B, by('Server.SpotInstanceShutdown')),
    ];
    expect(check({ members }).findings[0]?.reason).toBe(
      `Every member is stopped: ${A} (Client.UserInitiatedShutdown: User initiated shutdown), ${B} (Server.SpotInstanceShutdown).`,
    );
  });

  it('should call a standby that could not take over no obstacle while another one could', () => {
    const members = [member(A), member(B, { state: 'stopped' }), member(C)];
    expect(found({ members })).toEqual([`? not-running ${B}`]);
    expect(check({ members }).ready).toBe(true);
  });

  it('should call a pause, and a cooldown, by when they end, and no obstacle', () => {
    const paused = look(recorded(ledger({ pausedUntil: NOW + 60_000 })));
    expect(paused.ready).toBe(true);
    expect(paused.findings).toEqual([
      {
        code: 'paused',
        severity: 'warning',
        reason: 'Automation is paused until 2026-08-20T10:01:00.000Z.',
        mend: mendOf('paused'),
      },
    ]);
    const spent = look(recorded(ledger({ moves: [NOW - 60_000, NOW - 30_000] })));
    expect(spent.findings.map(brief)).toEqual(['? cooldown']);
    expect(spent.findings[0]?.reason).toContain('from 2026-08-20T10:14:00.000Z on');
  });

  it('should tell of a pause and of what stands in the way besides', () => {
    const { ready, findings } = look(recorded(ledger({ pausedUntil: NOW + 60_000 }), { alarms: inAlarm(B) }));
    expect(ready).toBe(false);
    expect(findings.map(brief)).toEqual([`! own-alarm ${B}`, '? paused']);
  });

  it('should say of each what mends it', () => {
    const { findings } = check(withB({ state: 'stopped' }));
    expect(findings).toEqual([
      {
        code: 'not-running',
        severity: 'blocking',
        about: B,
        reason: `${B} cannot take over: it is stopped.`,
        mend: 'Start it.',
      },
    ]);
  });
});

describe('the codes of readiness', () => {
  it('should all be found above', () => {
    const page = readFileSync(__filename, 'utf8');
    expect(Object.keys(READINESS).filter((code) => !new RegExp(`['\`][!?] ${code}\\b`).test(page))).toEqual([]);
  });
});
