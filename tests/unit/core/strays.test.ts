import type { Ledger } from '../../../lib/core/ledger.ts';
import type { InterfaceView } from '../../../lib/core/model.ts';
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
  inAlarm,
  ledger,
  ledgerTags,
  member,
  moving,
  NOW,
  observation,
  SWEEP,
} from '../../support/observation.ts';
import { outcome } from '../../support/words.ts';

const STATE = 'eni-failover-state:';
const at2 = (holder: string, given = {}) => attachment(ENI2, holder, { deviceIndex: 2, ...given });
const joining = floating(ENI2, at2(A));

function swept(stray: InterfaceView, written: Ledger = ledger(), given: Parameters<typeof observation>[0] = {}) {
  const interfaces = [floating(ENI, A, { tags: ledgerTags(written) })];
  return decided(SWEEP, observation({ interfaces, strays: [stray], ...given }));
}
const noted = (code: string, ageMs: number) => ledger({ strays: [{ short: '22222222', at: NOW - ageMs, code }] });

describe('an interface that carries the group’s tag and does not belong to it', () => {
  it.each<[code: string, stray: InterfaceView, why: string]>([
    ['stray-primary', floating(ENI2, at2(A, { deviceIndex: 0 })), `it is the primary interface of ${A}.`],
    [
      'stray-other-zone',
      floating(ENI2, undefined, { zone: 'us-east-1b' }),
      'it is in us-east-1b, the group is in us-east-1a.',
    ],
    ['stray-loose', floating(ENI2), `it is attached to nothing; attach it to ${A}.`],
    ['stray-with-stranger', floating(ENI2, at2(C)), `it is attached to ${C}, which is no member.`],
    ['stray-on-member', floating(ENI2, at2(B)), `it is attached to ${B}, the group to ${A}.`],
    [
      'stray-other-ledger',
      floating(ENI2, at2(A), { tags: { [`${STATE}devices`]: 'interface 22222222:2' } }),
      `it has a ledger of its own, which does not name the others; without its tags ${STATE}* it joins them.`,
    ],
  ])('should be told with what keeps it out, once, and hold nothing up: %s', (code, stray, why) => {
    const sentence = `${ENI2} has the group's tag and does not belong to it: ${why}`;
    const first = swept(stray);
    expect([first.code, first.facts.warnings]).toEqual(['holder-healthy', [`${code}: ${sentence}`]]);
    expect(first.write).toMatchObject({ news: [sentence], writes: [{ interfaceIds: [ENI] }] });
    expect(first.write?.writes[0]?.tags).toEqual({ [`${STATE}notes`]: `strays 22222222@2026-08-20T10:00:00Z/${code}` });
    expect(swept(stray, noted(code, 3_600_000)).write).toBeUndefined();
    const failed = decided(alarmTrigger(A), observation({ strays: [stray], alarms: inAlarm(A) }));
    expect(outcome(failed)).toBe(`failover to ${B}`);
  });

  it('should be told anew when something else keeps it out, and forgotten when it is gone', () => {
    expect(swept(floating(ENI2), noted('stray-on-member', 60_000)).write?.news).toHaveLength(1);
    const gone = decided(
      SWEEP,
      observation({ interfaces: [floating(ENI, A, { tags: ledgerTags(noted('stray-loose', 1)) })] }),
    );
    expect(gone.write).toMatchObject({ news: [], writes: [{ tags: { [`${STATE}notes`]: 'none' } }] });
  });

  it('should have no room in a group of 15', () => {
    const ids = Array.from({ length: 15 }, (_, nth) => `eni-100000${10 + nth}`);
    const interfaces = ids.map((id, nth) => floating(id, attachment(id, A, { deviceIndex: nth + 1 })));
    const { facts } = decided(
      SWEEP,
      observation({ interfaces, strays: [floating(ENI2, at2(A, { deviceIndex: 20 }))] }),
    );
    expect(facts.warnings).toEqual([expect.stringContaining('stray-too-many: ')]);
  });
});

describe('a new interface on the holder', () => {
  it('should be announced, and belong to the group when a second sweep sees it there', () => {
    const first = swept(joining);
    expect(first.facts.warnings).toEqual([]);
    expect(first.write?.news).toEqual([`${ENI2} is a new interface of the group, and will move with it.`]);
    expect(swept(joining, noted('joining', 29_999)).write).toBeUndefined();
    const second = swept(joining, noted('joining', 30_000));
    expect(second.write?.news).toEqual([`${ENI2} belongs to the group from now on.`]);
    const changed = { [`${STATE}devices`]: 'interface 11111111:1 22222222:2', [`${STATE}notes`]: 'none' };
    const { [`${STATE}pause`]: _, ...whole } = ledgerTags(ledger());
    // A part of the ledger is one that cannot be read: the new one is given all of it, once the others name it.
    expect(second.write?.writes).toEqual([
      { interfaceIds: [ENI], tags: changed },
      { interfaceIds: [ENI2], tags: { ...whole, ...changed } },
    ]);
  });

  it('should be named by the others where it has no room for the ledger itself', () => {
    const tags = Object.fromEntries(Array.from({ length: 44 }, (_, nth) => [`own-${nth}`, 'x']));
    const { write } = swept({ ...joining, tags: { ...joining.tags, ...tags } }, noted('joining', 30_000));
    expect(write?.writes).toMatchObject([{ interfaceIds: [ENI] }]);
  });

  it.each<[string, InterfaceView, Ledger]>([
    ['its attachment is still on its way', floating(ENI2, at2(A, { status: 'attaching' })), noted('joining', 60_000)],
    ['it was seen elsewhere before', joining, noted('stray-on-member', 60_000)],
  ])('should wait while %s', (_, stray, written) => {
    expect(swept(stray, written).write?.writes[0]?.tags ?? {}).not.toHaveProperty(`${STATE}devices`);
  });

  it('should wait while the group is moving', () => {
    const written = { ...moving(), strays: noted('joining', 60_000).strays ?? [] };
    expect(swept(joining, written).write?.writes[0]?.tags ?? {}).not.toHaveProperty(`${STATE}devices`);
  });

  it('should not move with the group before', () => {
    const seen = observation({ strays: [joining], alarms: inAlarm(A), members: [member(A), member(B)] });
    expect(decided(alarmTrigger(A), seen).plan?.resources.map(({ id }) => id)).toEqual([ENI]);
  });
});

describe('an interface of the group that the ledger does not name', () => {
  it('should be entered, with its place or without one', () => {
    const tags = ledgerTags(ledger({ resources: [] }));
    const interfaces = [floating(ENI, A, { tags }), floating(ENI2, undefined, { tags })];
    const { write } = decided(SWEEP, observation({ interfaces }));
    expect(write?.writes[0]?.tags).toMatchObject({ [`${STATE}devices`]: 'interface 11111111 22222222' });
  });
});
