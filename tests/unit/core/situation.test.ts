import type { InstanceState, Trigger } from '../../../lib/core/model.ts';
import {
  A,
  alarmTrigger,
  attachment,
  B,
  C,
  decided,
  ENI,
  ENI2,
  floating,
  type Given,
  inAlarm,
  ledgerTags,
  member,
  moving,
  observation,
  request,
  SWEEP,
} from '../../support/observation.ts';
import { outcome } from '../../support/words.ts';

/** What is observed, and the sentence for it. */
function look(given: Given = {}, trigger: Trigger = SWEEP): readonly string[] {
  const { analysis, facts } = decided(trigger, observation(given));
  return [analysis, facts.summary];
}
const analysisOf = (given: Given, trigger: Trigger = SWEEP) => look(given, trigger)[0];

const second = (on: string, given = {}) => attachment(ENI2, on, { deviceIndex: 2, ...given });
const unreadable = (id: string, reason = `The reply has no AvailabilityZone for ${id}.`) => ({ id, reason, tags: {} });
const states = (a: InstanceState, b: InstanceState) => ({
  members: [member(A, { state: a }), member(B, { state: b })],
});
const primary = [floating(ENI, attachment(ENI, A, { deviceIndex: 0 }))];
const elsewhere = [member(A), member(B, { zone: 'us-east-1b' })];

describe('group-unreadable', () => {
  it.each([
    [
      'an interface',
      [unreadable(ENI2)],
      `${ENI2} could not be read (The reply has no AvailabilityZone for ${ENI2}). Nothing is moved on a guess.`,
    ],
    [
      'two members',
      [unreadable(B, "State.Name of it is 'odd'."), unreadable(C, 'The reply has no VpcId')],
      `${B} could not be read (State.Name of it is 'odd'); ${C} could not be read (The reply has no VpcId). Nothing is moved on a guess.`,
    ],
  ])('should be a group of which a reply was not understood: %s', (_, found, sentence) => {
    expect(look({ unreadable: found })).toEqual(['group-unreadable', sentence]);
  });

  it.each([alarmTrigger(A), SWEEP, request(), request({ to: B, ignoreHealth: true })])(
    'should move for nobody: %j',
    (trigger) => {
      const decision = decided(trigger, observation({ unreadable: [unreadable(ENI2)], alarms: inAlarm(A) }));
      expect(decision).toMatchObject({ kind: 'blocked', code: 'group-unreadable', reason: decision.facts.summary });
    },
  );
});

describe('group-unknown', () => {
  it('should be a name that no interface carries', () => {
    const nothing = { group: 'wbe', interfaces: [], members: [] };
    const sentence = "No network interface is tagged with the group 'wbe'.";
    expect(look(nothing)).toEqual(['group-unknown', sentence]);
    const decision = decided(request({ action: 'pause' }), observation(nothing));
    expect(decision).toMatchObject({ kind: 'blocked', code: 'group-unknown', reason: sentence });
  });
});

describe('interface-primary', () => {
  const sentence = `${ENI} is the primary interface of ${A}, which cannot be detached; tag a secondary one.`;

  it('should be a group with an interface at device index 0', () => {
    expect(look({ interfaces: primary })).toEqual(['interface-primary', sentence]);
    expect(decided(request(), observation({ interfaces: primary }))).toMatchObject({
      kind: 'blocked',
      code: 'interface-primary',
      reason: sentence,
    });
  });

  it('should not be one at index 0 of another network card', () => {
    const other = attachment(ENI, A, { deviceIndex: 0, networkCardIndex: 1 });
    expect(analysisOf({ interfaces: [floating(ENI, other)] })).toBe('holder-healthy');
  });
});

describe('interfaces-span-zones', () => {
  it('should be a group that no instance can hold', () => {
    const interfaces = [floating(ENI, A), floating(ENI2, second(A), { zone: 'us-east-1b' })];
    const sentence =
      'The interfaces of the group are spread over us-east-1a and us-east-1b; no instance can hold them all.';
    expect(look({ interfaces })).toEqual(['interfaces-span-zones', sentence]);
    expect(outcome(decided(request({ to: B }), observation({ interfaces })))).toBe('interfaces-span-zones');
  });
});

describe('holder-not-member', () => {
  const members = [member(B)];
  const stranger = attachment(ENI, A);
  const { instanceId: _, ...nameless } = stranger;

  it.each([
    ['an instance without the tag', stranger, A],
    ['something else', nameless, 'something that is not an instance of this account'],
  ])('should be an interface that is attached to %s', (_name, at, who) => {
    const given = { interfaces: [floating(ENI, at)], members };
    const sentence = `${ENI} is attached to ${who}, which is not tagged as a member of the group 'web'.`;
    expect(look(given)).toEqual(['holder-not-member', sentence]);
    expect(outcome(decided(request({ to: B }), observation(given)))).toBe('holder-not-member');
  });
});

describe('operation-interrupted', () => {
  it('should be a recorded move that is not finished', () => {
    const given = { interfaces: [floating(ENI, undefined, { tags: ledgerTags(moving()) })] };
    expect(look(given)).toEqual(['operation-interrupted', `The failover op-1 to ${B} was begun and not finished.`]);
  });
});

describe('interface-unattached', () => {
  it.each([
    ['one', [floating(ENI, A), floating(ENI2)], `${ENI2} is not attached to any instance.`],
    ['two', [floating(ENI), floating(ENI2)], `${ENI} and ${ENI2} are not attached to any instance.`],
  ])('should name what is attached to nothing: %s', (_, interfaces, sentence) => {
    expect(look({ interfaces })).toEqual(['interface-unattached', sentence]);
  });
});

describe('group-parked', () => {
  const sentence = 'Every member of the group is stopped; there is nothing to fail over to.';

  it.each([
    ['stopped', 'stopped', 'group-parked'],
    ['stopping', 'stopped', 'group-parked'],
    ['stopped', 'terminated', 'holder-stopped'],
    ['stopped', 'pending', 'holder-stopped'],
    ['stopped', 'running', 'holder-stopped'],
  ] as const)('should be a group of stopped members only: %s and %s are %s', (a, b, analysis) => {
    expect(analysisOf(states(a, b))).toBe(analysis);
  });

  it('should move nothing, and say so', () => {
    expect(decided(SWEEP, observation(states('stopped', 'stopping')))).toMatchObject({
      kind: 'no-action',
      code: 'group-parked',
      reason: sentence,
    });
  });
});

describe('members-span-zones', () => {
  const where = (zones: string) =>
    `The interface is in us-east-1a and every standby is in ${zones}; an interface cannot leave its Availability Zone.`;
  const far = (id: string, zone: string) => member(id, { zone });

  it.each([
    ['one standby', [member(A), far(B, 'us-east-1b')], 'us-east-1b'],
    ['two standbys', [member(A), far(B, 'us-east-1b'), far(C, 'us-east-1c')], 'us-east-1b and us-east-1c'],
  ])('should be a group with no standby in its zone: %s', (_, members, zones) => {
    expect(look({ members })).toEqual(['members-span-zones', where(zones)]);
  });

  it('should not be a group with one standby that is in its zone, or with none at all', () => {
    expect(analysisOf({ members: [member(A), far(B, 'us-east-1b'), member(C)] })).toBe('holder-healthy');
    expect(analysisOf({ members: [member(A)] })).toBe('holder-healthy');
  });

  it('should be well as long as the holder is', () => {
    const seen = observation({ members: elsewhere });
    expect(outcome(decided(SWEEP, seen))).toBe('holder-healthy');
    expect(outcome(decided(alarmTrigger(A), observation({ members: elsewhere, alarms: inAlarm(A) })))).toBe(
      'no-candidate',
    );
  });
});

describe('what can be asked of a group', () => {
  it.each<[string, Given, object]>([
    ['one that cannot be moved', { members: [member(B)] }, { kind: 'unmovable' }],
    ['one that was not understood', { unreadable: [unreadable(B)] }, { kind: 'unmovable' }],
    [
      'one whose parts are apart',
      { interfaces: [floating(ENI, A), floating(ENI2, second(B))] },
      { kind: 'split', holders: [A, B] },
    ],
    ['one that is loose', { interfaces: [floating(ENI)] }, { kind: 'loose' }],
    ['one that is parked', states('stopped', 'stopped'), { kind: 'parked' }],
    ['one whose standbys are elsewhere', { members: elsewhere }, { kind: 'held' }],
    ['one that is held', {}, { kind: 'held' }],
  ])('should depend on its kind alone: %s', (_, given, situation) => {
    expect(decided(SWEEP, observation(given)).facts.situation).toEqual(situation);
  });
});

describe('the first of several that fit', () => {
  const tags = ledgerTags(moving());
  const interrupted = [floating(ENI, undefined, { tags })];
  const bothStopped = states('stopped', 'stopped');

  it.each<[string, Given, string]>([
    [
      'a reply not understood, before no interface',
      { unreadable: [unreadable(B)], interfaces: [] },
      'group-unreadable',
    ],
    [
      'a primary interface, before zones',
      { interfaces: [...primary, floating(ENI2, undefined, { zone: 'us-east-1b' })] },
      'interface-primary',
    ],
    [
      'zones, before a stranger',
      { interfaces: [floating(ENI, C), floating(ENI2, undefined, { zone: 'us-east-1b' })] },
      'interfaces-span-zones',
    ],
    [
      'a stranger, before an operation',
      { interfaces: [floating(ENI, A, { tags })], members: [member(B)] },
      'holder-not-member',
    ],
    [
      'an operation, before the split it explains',
      { interfaces: [floating(ENI, A, { tags }), floating(ENI2, second(B), { tags })] },
      'operation-interrupted',
    ],
    ['an operation, before what is loose', { interfaces: interrupted }, 'operation-interrupted'],
    [
      'a split, before what is loose',
      { interfaces: [floating(ENI, A), floating(ENI2, second(B)), floating('eni-33333333')] },
      'group-split',
    ],
    [
      'what is loose, before everybody stopped',
      { interfaces: [floating(ENI)], ...bothStopped },
      'interface-unattached',
    ],
    [
      'everybody stopped, before their zones',
      { members: [member(A, { state: 'stopped' }), member(B, { state: 'stopped', zone: 'us-east-1b' })] },
      'group-parked',
    ],
    ['zones, before the health of the holder', { members: elsewhere, alarms: inAlarm(A) }, 'members-span-zones'],
  ])('should be %s', (_, given, analysis) => {
    expect(analysisOf(given)).toBe(analysis);
  });
});
