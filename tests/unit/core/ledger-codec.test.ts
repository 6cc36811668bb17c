import type { Ledger } from '../../../lib/core/ledger.ts';
import { encodeKeys, encodeLedger, readLedger } from '../../../lib/core/ledger-codec.ts';
import { A, B, ENI, ENI2, floating, ledger, ledgerTags, moving, NOW } from '../../support/observation.ts';

const PREFIX = 'eni-failover-state:';

const read = (tags: Readonly<Record<string, string>>) => readLedger([floating(ENI, A, { tags })], PREFIX);
const without = (tags: Readonly<Record<string, string>>, key: string) =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => name !== PREFIX + key));

describe('the tags of a ledger', () => {
  const notices = [{ instanceId: B, at: NOW }];
  const forced = [{ instanceId: A, launchedAt: NOW }];
  const condition = { what: 'holder-impaired/paused', since: NOW };
  const onCards = [
    { kind: 'interface', id: ENI, deviceIndex: 1, networkCardIndex: 0 },
    { kind: 'interface', id: ENI2, deviceIndex: 2, networkCardIndex: 1 },
  ] as const;

  it.each<[key: string, given: Partial<Ledger>, text: string]>([
    ['version', {}, '1'],
    ['phase', { phase: 'failed' }, 'failed'],
    ['holder', { holder: B }, B],
    ['operation', {}, 'none'],
    [
      'operation',
      moving(),
      `failover from=${A} to=${B} id=op-1 run=run-1 by=automatic deadline=2026-08-20T10:01:00.000Z`,
    ],
    [
      'operation',
      moving({ action: 'attach', automatic: false, ignoreHealth: true }),
      `attach from=${A} to=${B} id=op-1 run=run-1 by=request deadline=2026-08-20T10:01:00.000Z health=ignored`,
    ],
    ['resources', {}, 'interface 11111111:1'],
    ['resources', { resources: onCards }, 'interface 11111111:1 22222222:2@1'],
    ['resources', { resources: [] }, 'none'],
    ['reason', { reason: "the alarm 'a' (raised)" }, 'the alarm a raised'],
    ['changed-at', { changedAt: NOW }, '2026-08-20T10:00:00.000Z'],
    ['epoch', { epoch: 0 }, '0'],
    ['moved-at', {}, 'none'],
    ['moved-at', { movedAt: 0 }, '1970-01-01T00:00:00.000Z'],
    ['moves', {}, 'none'],
    ['moves', { moves: [NOW, NOW + 1] }, '2026-08-20T10:00:00.000Z 2026-08-20T10:00:00.001Z'],
    ['pause', {}, 'none'],
    ['pause', { pausedUntil: NOW }, 'until 2026-08-20T10:00:00.000Z'],
    ['forced', {}, 'none'],
    ['forced', { forced }, `${A}@2026-08-20T10:00:00.000Z`],
    ['notices', {}, 'none'],
    ['notices', { notices }, `${B}@2026-08-20T10:00:00.000Z`],
    ['condition', {}, 'none'],
    ['condition', { condition }, 'holder-impaired/paused since 2026-08-20T10:00:00.000Z'],
    ['members', {}, `${A} ${B}`],
    ['members', { members: [] }, 'none'],
  ])('should be words a person can read: %s of %j', (key, given, text) => {
    expect(ledgerTags(ledger(given))[PREFIX + key]).toBe(text);
  });

  it.each<Partial<Ledger>>([
    { resources: [] },
    { epoch: 123_456_789 },
    { moves: [], forced: [], notices: [], members: [] },
    { movedAt: 0, pausedUntil: 0, condition: { what: 'a/b', since: 0 } },
  ])('should come back as they were: %j', (given) => {
    const reading = read(ledgerTags(ledger(given)));
    expect(reading).toEqual({ status: 'valid', ledger: ledger(given), missingOn: [] });
  });

  it('should name no holder and no origin where there is none', () => {
    const { holder: _, ...held } = ledger();
    const { from: __, ...operation } = moving().operation ?? { to: B };
    const tags = ledgerTags({ ...held, operation } as Ledger);
    expect(tags[`${PREFIX}holder`]).toBe('none');
    expect(tags[`${PREFIX}operation`]).toMatch(`failover from=none to=${B} `);
    expect(read(tags)).toMatchObject({ status: 'valid', ledger: { operation } });
    expect(read(tags)).not.toHaveProperty('ledger.holder');
    expect(read(tags)).not.toHaveProperty('ledger.operation.from');
  });
});

describe('what an operation writes', () => {
  const keys = Object.keys(encodeLedger(ledger({ pausedUntil: NOW, notices: [{ instanceId: B, at: NOW }] }), PREFIX));

  it.each(['pause', 'notices'])('should leave alone what somebody else may be writing at that moment: %s', (key) => {
    expect(keys).not.toContain(PREFIX + key);
  });

  it('should be everything else', () => {
    const all = Object.keys(ledgerTags(ledger()));
    expect([...keys, `${PREFIX}pause`, `${PREFIX}notices`].sort()).toEqual(all.sort());
  });

  it.each(['pause', 'notices', 'condition', 'members'])('should be readable without the key %s', (key) => {
    const full = ledger({
      pausedUntil: NOW,
      notices: [{ instanceId: B, at: NOW }],
      condition: { what: 'a/b', since: 1 },
    });
    const reading = read(without(ledgerTags(full), key));
    expect(reading).toMatchObject({ status: 'valid', ledger: { epoch: 3, holder: A } });
    const empty = { pause: 'pausedUntil', condition: 'condition' }[key];
    if (empty) expect(reading).not.toHaveProperty(`ledger.${empty}`);
    else expect(reading).toHaveProperty(`ledger.${key}`, []);
  });

  it('should be limited to the keys that are asked for', () => {
    expect(encodeKeys(ledger({ pausedUntil: NOW }), ['pause', 'notices'], PREFIX)).toEqual({
      [`${PREFIX}pause`]: 'until 2026-08-20T10:00:00.000Z',
      [`${PREFIX}notices`]: 'none',
    });
  });
});

describe('values at their limits', () => {
  const long = (nth: number) => `i-${nth.toString(16).padStart(17, 'f')}`;
  const count = <T>(length: number, make: (nth: number) => T): readonly T[] =>
    Array.from({ length }, (_, nth) => make(nth));
  const resources = count(15, (nth) => {
    const id = `eni-${nth.toString(16).repeat(17)}`;
    return { kind: 'interface', id, deviceIndex: 15, networkCardIndex: 15 } as const;
  });

  it.each<[what: string, key: string, full: Partial<Ledger>]>([
    ['15 interfaces on any card', 'resources', { resources }],
    ['10 moves', 'moves', { moves: count(10, (nth) => NOW + nth) }],
    ['5 forced detaches', 'forced', { forced: count(5, (nth) => ({ instanceId: long(nth), launchedAt: NOW + nth })) }],
    ['5 notices', 'notices', { notices: count(5, (nth) => ({ instanceId: long(nth), at: NOW + nth })) }],
    ['12 members', 'members', { members: count(12, long) }],
  ])('should fit into one tag and come back: %s', (_, key, full) => {
    const tags = ledgerTags(ledger(full));
    expect(tags[PREFIX + key]?.length).toBeLessThanOrEqual(256);
    const group = resources.map(({ id }) => floating(id, undefined, { tags }));
    expect(readLedger(group, PREFIX)).toMatchObject({ status: 'valid', ledger: full, missingOn: [] });
  });

  it('should be cut to what fits: the newest of what has a date, the first of the members', () => {
    const reading = read(
      ledgerTags(
        ledger({
          moves: count(12, (nth) => NOW + nth),
          forced: count(7, (nth) => ({ instanceId: A, launchedAt: NOW + nth })),
          notices: count(7, (nth) => ({ instanceId: A, at: NOW + nth })),
          members: count(14, long),
        }),
      ),
    );
    const kept = reading.status === 'valid' ? reading.ledger : ledger();
    expect(kept.moves).toEqual(count(10, (nth) => NOW + 2 + nth));
    expect(kept.forced.map(({ launchedAt }) => launchedAt)).toEqual(count(5, (nth) => NOW + 2 + nth));
    expect(kept.notices.map(({ at }) => at)).toEqual(count(5, (nth) => NOW + 2 + nth));
    expect(kept.members).toEqual(count(12, long));
  });
});
