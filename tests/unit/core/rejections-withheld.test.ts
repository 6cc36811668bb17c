import type { Decision } from '../../../lib/core/decide.ts';
import type { ForcedDetach } from '../../../lib/core/ledger.ts';
import {
  A,
  alarmTrigger,
  attachment,
  B,
  C,
  decided,
  ENI,
  floating,
  type Given,
  inAlarm,
  ledger,
  ledgerTags,
  member,
  NOW,
  observation,
  request,
  spotTrigger,
  SWEEP,
  T3_SMALL,
} from '../../support/observation.ts';

/** After a forced detach an instance may refuse that device index until it is restarted, and no dry run tells. */

const ASKS = { 'eni-failover:device-index': '1' };
const device = (deviceIndex: number) => ({ deviceIndex, networkCardIndex: 0 });
const LEFT: ForcedDetach = {
  instanceId: B,
  launchedAt: member(B).launchedAt,
  at: NOW - 3_600_000,
  devices: [device(1)],
};

interface Group extends Given {
  readonly forced?: ForcedDetach;
  /** Whether the interface asks for its index by tag. */
  readonly asks?: boolean;
  readonly acknowledgedAt?: number;
  readonly on?: string | null;
}

/** A holds index 1; B was left by force there. */
function group({ forced = LEFT, asks = true, acknowledgedAt, on = A, ...given }: Group = {}) {
  const known = ledger({ forced: [forced], ...(acknowledgedAt !== undefined && { acknowledgedAt }) });
  const tags = { ...(asks && ASKS), ...ledgerTags(known) };
  const held = on === null ? undefined : attachment(ENI, on);
  return observation({ interfaces: [floating(ENI, held, { tags })], ...given });
}

const full = member(B, {
  slots: [device(0), device(2)].map((slot) => ({ interfaceId: `eni-${slot.deviceIndex}`, ...slot })),
});
const codesOf = ({ rejected }: Decision) => rejected.map(({ instanceId, code }) => `${instanceId} ${code}`);
const warned = ({ facts }: Decision) => facts.warnings.filter((text) => text.startsWith('device-index-withheld: '));
const failed = { alarms: inAlarm(A) };

const WHY = `it was left by force, so EC2 may withhold device index 1 there, which ${ENI} asks for by its tag; stop and start it, or reboot it and then send an 'acknowledge' request`;

describe('device-index-withheld', () => {
  it.each([
    ['a drill', request()],
    ['a drill that names it', request({ to: B })],
    ['a drill that names it and ignores its health', request({ to: B, ignoreHealth: true })],
    ['a notice that EC2 takes the holder back', spotTrigger(A)],
  ])('should keep the only standby out while a holder serves that has not failed: %s', (_, trigger) => {
    const decision = decided(trigger, group());
    expect(decision.plan).toBeUndefined();
    expect(codesOf(decision)).toContain(`${B} device-index-withheld`);
    expect(decision.reason).toContain(WHY);
  });

  it('should be said beforehand, as a warning', () => {
    expect(warned(decided(SWEEP, group()))).toEqual([`device-index-withheld: ${B} may refuse the group: ${WHY}.`]);
  });

  it.each<[string, Group]>([
    ['another index will do', { asks: false }],
    ['it has been launched anew', { forced: { ...LEFT, launchedAt: LEFT.launchedAt - 1 } }],
    ['a person has acknowledged it since', { acknowledgedAt: NOW - 1_000 }],
    ['it was left at another index', { forced: { ...LEFT, devices: [device(2)] } }],
    ['nothing is known of the index', { forced: { instanceId: B, launchedAt: LEFT.launchedAt } }],
    ['it holds the group', { on: B }],
  ])('should not be said, or keep anybody out, where %s', (_, given) => {
    const decision = decided(request({ to: given.on === B ? A : B }), group(given));
    expect([decision.code, warned(decision)]).toEqual(['failover', []]);
  });

  it('should be said where no other index is free', () => {
    const decision = decided(request(), group({ asks: false, members: [member(A), full] }));
    expect(codesOf(decision)).toContain(`${B} device-index-withheld`);
    expect(decision.reason).toContain('and no other one is free;');
  });

  it.each<[string, Parameters<typeof decided>[0], Group]>([
    ['the holder has failed', alarmTrigger(A), failed],
    ['the holder is stopped', SWEEP, { members: [member(A, { state: 'stopped' }), member(B)] }],
    ['nobody holds it', request(), { on: null, members: [member(A, { state: 'stopped' }), member(B)] }],
  ])('should be the last resort where %s', (_, trigger, given) => {
    const two = decided(trigger, group(given));
    expect(two.plan).toMatchObject({ to: B });
    const [first = member(A)] = given.members ?? [];
    const three = decided(trigger, group({ ...given, members: [first, member(B), member(C)] }));
    expect(three.plan).toMatchObject({ to: C });
  });

  it('should rank behind a member of unknown health, where nobody serves', () => {
    const unread = { checks: { [C]: undefined } };
    const seen = group({ on: null, members: [member(A, { state: 'stopped' }), member(B), member(C)], ...unread });
    expect(decided(request(), seen).plan).toMatchObject({ to: C });
  });
});

describe('an index that EC2 has declined on a member that was left by force', () => {
  const enters = (devices: number[], declined: number[], slots = 4) => {
    const refusal = { interfaceId: ENI, devices: declined.map(device), reason: 'no' };
    const refused = declined.length > 0 ? { [B]: refusal } : {};
    const seen = group({
      on: null,
      asks: false,
      forced: { ...LEFT, devices: devices.map(device) },
      limits: { 't3.small': { ...T3_SMALL, maxInterfaces: slots, cards: [{ index: 0, maxInterfaces: slots }] } },
    });
    const [move] = decided(request({ to: B }), seen, { memory: { refused } }).plan?.resources ?? [];
    return move?.enter?.deviceIndex;
  };

  it('should spare it the others that were left by force, as long as another one is free', () => {
    expect(enters([1, 2], [])).toBe(1);
    expect(enters([1, 2], [1])).toBe(3);
    expect(enters([1, 2], [1, 3])).toBe(2);
    expect(enters([1, 2], [1], 3)).toBe(2);
  });
});
