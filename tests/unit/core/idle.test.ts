import {
  A,
  attachment,
  B,
  C,
  decided,
  ENI,
  ENI2,
  floating,
  ledger,
  ledgerTags,
  member,
  moving,
  observation,
  stateTrigger,
  SWEEP,
  T3_SMALL,
} from '../../support/observation.ts';
import { outcome } from '../../support/words.ts';

/** An interface of the group that nobody holds and nobody ever held, beside one that serves, or did. */

const SMALL = { ...T3_SMALL, maxInterfaces: 2, cards: [{ index: 0, maxInterfaces: 2 }] };
const place = (id: string) => ({ kind: 'interface', id, deviceIndex: 1, networkCardIndex: 0 }) as const;
const knowing = (...ids: readonly string[]) => ledger({ resources: ids.map(place), others: ['22222222'] });

/** The anchor on its holder, the other one on nobody; members of which B has one place, and C two. */
function seen(written: ReturnType<typeof ledger> | undefined, ids: readonly string[] = [A, B]) {
  const own = { tags: written ? ledgerTags(written) : {} };
  const members = ids.map((id) =>
    member(id, { type: id === C ? 't3.small' : 't3.nano', state: id === A ? 'stopped' : 'running' }),
  );
  const limits = { 't3.small': T3_SMALL, 't3.nano': SMALL };
  return observation({ interfaces: [floating(ENI, A, own), floating(ENI2, undefined, own)], members, limits });
}

describe('an interface that nobody ever held', () => {
  it.each([
    ['by the ledger', knowing(ENI)],
    ['as nobody has looked yet', undefined],
  ])('should leave the last place to one that serves, or did: %s', (_, written) => {
    const decision = decided(stateTrigger(A), seen(written));
    expect(outcome(decision)).toBe(`failover to ${B}`);
    expect(decision.plan?.resources).toMatchObject([
      { id: ENI, enter: { deviceIndex: 1 } },
      { id: ENI2, left: true },
    ]);
  });

  it('should have a place where there is one for both', () => {
    const { plan } = decided(stateTrigger(A), seen(knowing(ENI), [A, B, C]));
    expect([plan?.to, plan?.resources.some(({ left }) => left)]).toEqual([C, false]);
  });

  it('should not be one that had a place', () => {
    expect(outcome(decided(stateTrigger(A), seen(knowing(ENI, ENI2))))).toBe('no-candidate');
  });

  it('should wait, and not be tried, where the other one is there already', () => {
    const own = { tags: ledgerTags({ ...knowing(ENI), condition: { what: 'interface-unattached/x', since: 0 } }) };
    const members = [member(A, { type: 't3.nano' }), member(B, { type: 't3.nano' })];
    const interfaces = [floating(ENI, A, own), floating(ENI2, undefined, own)];
    const decision = decided(SWEEP, observation({ interfaces, members, limits: { 't3.nano': SMALL } }));
    expect([decision.code, decision.plan]).toEqual(['no-candidate', undefined]);
  });

  it('should keep no move from being done that has no place for it', () => {
    const written = { ...moving({ deadlineAt: 0 }), resources: [place(ENI)], others: ['22222222'] };
    const own = { tags: ledgerTags(written) };
    const members = [member(A, { state: 'stopped' }), member(B, { type: 't3.nano' })];
    const interfaces = [floating(ENI, attachment(ENI, B), own), floating(ENI2, undefined, own)];
    const decision = decided(
      SWEEP,
      observation({ interfaces, members, limits: { 't3.nano': SMALL, 't3.small': T3_SMALL } }),
    );
    expect([outcome(decision), decision.plan?.resources]).toEqual([
      `complete to ${B}`,
      [
        { kind: 'interface', id: ENI },
        { kind: 'interface', id: ENI2 },
      ],
    ]);
  });
});
