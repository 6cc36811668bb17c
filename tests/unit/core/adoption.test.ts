import { belonging } from '../../../lib/core/adoption.ts';
import type { InterfaceView } from '../../../lib/core/model.ts';
import { A, attachment, B, floating, member, NOW } from '../../support/observation.ts';

const PREFIX = 'eni-failover-state:';
const [V, W, F, G] = ['eni-11111111', 'eni-22222222', 'eni-33333333', 'eni-44444444'] as const;
const short = (id: string): string => id.slice(-8);

/** An interface whose own tag names these. */
const naming = (id: string, named: readonly string[], holder: string = A, attachedAt = NOW): InterfaceView =>
  floating(id, attachment(id, holder, { attachedAt }), {
    tags: { [`${PREFIX}devices`]: `interface ${named.map((each) => `${short(each)}:1`).join(' ')}` },
  });
/** No tag more has room beside them. */
const MANY = Object.fromEntries([...Array(49).keys()].map((nth) => [`tag-${nth}`, 'x']));
const STRANGER = 'i-0000000000000000f';
const silent = (id: string): InterfaceView => floating(id, A);
const primary = (id: string): InterfaceView => floating(id, attachment(id, A, { deviceIndex: 0 }));

function sorted(...views: readonly InterfaceView[]) {
  const { sets, strays } = belonging(views, PREFIX, { members: [member(A), member(B)] });
  return { sets: sets.map((set) => set.map(({ id }) => id)), strays: strays.map(({ id }) => id) };
}

describe('interfaces that carry one group’s tag', () => {
  it.each<
    [what: string, views: readonly InterfaceView[], sets: readonly (readonly string[])[], strays: readonly string[]]
  >([
    ['all that is seen, where no list is', [silent(V), silent(W)], [[V, W]], []],
    ['all but a primary one, where no list is', [primary(V), silent(W)], [[W]], [V]],
    ['not a primary one, once the others have lists', [primary(V), naming(W, [W])], [[W]], [V]],
    ['primary ones, where there is nothing else', [primary(V), primary(W)], [[V, W]], []],
    ['those that name each other', [naming(V, [V, W]), naming(W, [V, W])], [[V, W]], []],
    ['one that is named and has no list yet', [naming(V, [V, W]), silent(W)], [[V, W]], []],
    ['not one that nobody names', [naming(V, [V]), silent(F)], [[V]], [F]],
    ['not one that names the others by itself', [naming(V, [V]), naming(F, [F, V])], [[V], [F]], []],
    ['not one that names the others, and not itself', [naming(V, [V]), naming(F, [V])], [[V]], [F]],
    ['not one that is named and names others', [naming(V, [V, F]), naming(F, [G, F])], [[V], [F]], []],
    ['one that has left and come back', [naming(V, [V, W]), naming(W, [W, V])], [[V, W]], []],
    [
      'each set on its own, the larger one first',
      [naming(V, [V]), naming(F, [F, G]), naming(G, [F, G])],
      [[F, G], [V]],
      [],
    ],
    [
      'each set on its own, the one first that was attached first',
      [naming(V, [V], A, NOW), naming(F, [F], B, NOW - 1)],
      [[F], [V]],
      [],
    ],
    ['each set on its own, the lowest id first', [naming(V, [V]), naming(F, [F])], [[V], [F]], []],
  ])('should belong together: %s', (_, views, sets, strays) => {
    expect(sorted(...views)).toEqual({ sets, strays });
    expect(sorted(...[...views].reverse()).sets.map((set) => [...set].sort())).toEqual(sets);
  });

  it('should all count where the lists name nobody', () => {
    const none = floating(V, A, { tags: { [`${PREFIX}devices`]: 'none' } });
    expect(sorted(none, silent(W))).toEqual({ sets: [[V, W]], strays: [] });
  });

  it.each<[what: string, views: readonly InterfaceView[], apart: readonly (readonly string[])[]]>([
    ['what is on another member and could have a list', [silent(V), naming(F, [F], B)], [[V]]],
    ['not what has no room for one', [{ ...silent(V), tags: MANY }, naming(F, [F], B)], []],
    ['not what has one', [naming(V, [V]), naming(F, [F], B)], []],
    ['nothing before anybody has looked', [silent(V), floating(F, B)], []],
  ])('should stand apart: %s', (_, views, apart) => {
    const found = belonging(views, PREFIX, { members: [member(A), member(B)] });
    expect(found.apart.map((set) => set.map(({ id }) => id))).toEqual(apart);
  });

  it.each<[what: string, entry: string, state: string, isSpare: boolean]>([
    ['had no holder', `${short(F)}:1`, 'holder=none', true],
    ['had no place', short(F), `holder=${A}`, true],
    ['had both', `${short(F)}:1`, `holder=${A}`, false],
  ])('should not count one that nobody holds, and that by its own ledger %s', (_, entry, state, isSpare) => {
    const tags = { [`${PREFIX}devices`]: `interface ${entry}`, [`${PREFIX}state`]: `v1 steady ${state} epoch=0` };
    const found = sorted(naming(V, [V]), floating(F, undefined, { tags }));
    expect(found).toEqual(isSpare ? { sets: [[V]], strays: [F] } : { sets: [[V], [F]], strays: [] });
  });

  describe('where they have no list', () => {
    const full = (id: string, holder: string): InterfaceView =>
      floating(id, attachment(id, holder, { attachedAt: NOW }), { tags: MANY });
    const company = { members: [member(A), member(B)] };
    const setsOf = (views: readonly InterfaceView[], given = {}) =>
      belonging(views, PREFIX, { ...company, ...given }).sets.map((set) => set.map(({ id }) => id));
    const on = (id: string, holder: string, attachedAt: number, zone = 'us-east-1a'): InterfaceView =>
      floating(id, attachment(id, holder, { attachedAt }), { zone });

    it.each<[what: string, views: readonly InterfaceView[], given: object, sets: readonly (readonly string[])[]]>([
      ['beside a list on another member', [full(V, A), naming(F, [F], B, NOW - 1)], {}, [[F], [V]]],
      ['and join those on their holder', [full(F, A), naming(V, [V])], {}, [[V]]],
      ['beside one on another member, none with a list', [full(V, A), on(F, B, NOW + 1)], {}, [[V], [F]]],
      ['and be one where they are on one', [full(V, A), on(F, A, NOW + 1)], {}, [[V, F]]],
      ['where the group was refused', [on(V, A, NOW), on(F, B, NOW + 1)], { untaggable: true }, [[V], [F]]],
      ['but not one that a stranger holds', [on(V, A, NOW), on(F, STRANGER, NOW - 1)], { untaggable: true }, [[V]]],
      ['and not one in another zone', [full(V, A), floating(F, undefined, { zone: 'us-east-1b' })], {}, [[V]]],
      ['and be together as this run saw them', [full(V, A), full(W, B)], { together: new Set([V, W]) }, [[V, W]]],
      ['beside a list that no member holds', [on(V, A, NOW), naming(F, [F], STRANGER)], {}, [[V], [F]]],
      ['where nobody has looked', [on(V, A, NOW), on(F, B, NOW + 1)], {}, [[V], [F]]],
      ['the one first that was attached first', [on(V, A, NOW), on(F, B, NOW - 1)], {}, [[F], [V]]],
      ['but not where a person asks for all of them', [on(V, A, NOW), on(F, B, NOW)], { isAsked: true }, [[V, F]]],
      [
        'and not where they cannot be on one instance',
        [on(V, A, NOW), on(F, B, NOW + 1, 'us-east-1b')],
        { isAsked: true },
        [[V], [F]],
      ],
      ['unless tags were refused', [on(V, A, NOW), on(F, B, NOW)], { isAsked: true, untaggable: true }, [[V], [F]]],
      ['and not on a stranger before anybody has looked', [on(V, A, NOW), on(F, STRANGER, NOW - 1)], {}, [[V]]],
      ['nor in another zone', [on(V, A, NOW), floating(F, undefined, { zone: 'us-east-1b' })], {}, [[V]]],
      ['with what nobody holds', [on(V, A, NOW), floating(W), on(F, B, NOW - 1)], {}, [[W, F], [V]]],
      ['beside a list on another member, though there is room', [on(V, A, NOW), naming(F, [F], B)], {}, [[F], [V]]],
      ['behind the list, though they came first', [on(V, A, NOW - 1), naming(F, [F], B, NOW)], {}, [[F], [V]]],
      ['beside a list that names them', [full(V, A), naming(F, [F, V], B, NOW - 1)], {}, [[F], [V]]],
      ['not where nobody holds them', [floating(V), naming(F, [F], B)], {}, [[F]]],
      ['unless a list names them', [floating(V), naming(F, [F, V], B)], {}, [[V, F]]],
      [
        'where they were seen to serve and could not be written to',
        [floating(V), naming(F, [F], B)],
        { served: new Set([V]) },
        [[F], [V]],
      ],
    ])('should be looked after on their own %s', (_, views, given, sets) => {
      expect(setsOf(views, given)).toEqual(sets);
    });
  });
});
