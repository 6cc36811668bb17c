import type { Ledger } from '../../../lib/core/ledger.ts';
import { encodeKeys, encodeLedger, encodeOperation, readLedger } from '../../../lib/core/ledger-codec.ts';
import { A, B, ENI, ENI2, floating, ledger, ledgerTags, moving, NOW } from '../../support/observation.ts';

const PREFIX = 'eni-failover-state:';

const read = (tags: Readonly<Record<string, string>>) => readLedger([floating(ENI, A, { tags })], PREFIX);
const without = (tags: Readonly<Record<string, string>>, key: string) =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => name !== PREFIX + key));

describe('the tags of a ledger', () => {
  const notices = [{ instanceId: B, at: NOW }];
  const forced = [{ instanceId: A, launchedAt: NOW }];
  const stuck = forced;
  const refused = [{ instanceId: B, at: NOW, code: 'denied' }];
  const condition = { what: 'holder-impaired/paused', since: NOW };
  const onCards = [
    { kind: 'interface', id: ENI, deviceIndex: 1, networkCardIndex: 0 },
    { kind: 'interface', id: ENI2, deviceIndex: 2, networkCardIndex: 1 },
  ] as const;

  it.each<[key: string, given: Partial<Ledger>, text: string]>([
    ['state', {}, `v1 steady holder=${A} epoch=3 changed=2026-08-20T09:00:00Z moved=none`],
    [
      'state',
      { phase: 'failed', holder: B, epoch: 0, changedAt: NOW + 5, movedAt: 0 },
      `v1 failed holder=${B} epoch=0 changed=2026-08-20T10:00:00.005Z moved=1970-01-01T00:00:00Z`,
    ],
    ['operation', {}, 'none'],
    ['operation', moving(), `failover from=${A} to=${B} id=op-1 run=run-1 by=automatic deadline=2026-08-20T10:01:00Z`],
    [
      'operation',
      moving({ action: 'attach', automatic: false, ignoreHealth: true }),
      `attach from=${A} to=${B} id=op-1 run=run-1 by=request deadline=2026-08-20T10:01:00Z health=ignored`,
    ],
    [
      'operation',
      moving({ automatic: false, ignoreHealth: true, named: true }),
      `failover from=${A} to=${B} id=op-1 run=run-1 by=request deadline=2026-08-20T10:01:00Z health=ignored target=named`,
    ],
    ['moves', {}, 'none'],
    ['moves', { moves: [NOW, NOW + 55_000, NOW + 310_001] }, '2026-08-20T10:00:00Z +55 +310.001'],
    ['moves', { moves: [NOW, NOW + 55_000.4] }, '2026-08-20T10:00:00Z +55'],
    ['moves', { stuck }, `stuck ${A}@2026-08-20T10:00:00Z`],
    [
      'moves',
      { moves: [NOW], refused, stuck },
      `2026-08-20T10:00:00Z stuck ${A}@2026-08-20T10:00:00Z refused ${B}@2026-08-20T10:00:00Z/denied`,
    ],
    ['devices', {}, 'interface 11111111:1'],
    ['devices', { resources: onCards }, 'interface 11111111:1 22222222:2@1'],
    ['devices', { resources: [] }, 'none'],
    ['devices', { forced }, `interface 11111111:1 forced ${A}@2026-08-20T10:00:00Z`],
    ['reason', { reason: "the alarm 'a' (raised)" }, 'the alarm a raised'],
    ['pause', {}, 'none'],
    ['pause', { pausedUntil: NOW }, 'until 2026-08-20T10:00:00Z'],
    ['pause', { acknowledgedAt: NOW }, 'acknowledged 2026-08-20T10:00:00Z'],
    [
      'pause',
      { pausedUntil: NOW + 1_000, acknowledgedAt: NOW },
      'until 2026-08-20T10:00:01Z acknowledged 2026-08-20T10:00:00Z',
    ],
    ['members', {}, `${A} ${B}`],
    ['members', { members: [] }, 'none'],
    ['notes', {}, 'none'],
    ['notes', { condition }, 'condition holder-impaired/paused since 2026-08-20T10:00:00Z'],
    [
      'notes',
      { condition: { what: 'holder-not-serving/paused', since: NOW, about: '11111111' } },
      'condition holder-not-serving/paused since 2026-08-20T10:00:00Z of 11111111',
    ],
    ['notes', { notices }, `notices ${B}@2026-08-20T10:00:00Z`],
    [
      'notes',
      { condition, notices, due: A, loose: { count: 3, lastAt: NOW } },
      `condition holder-impaired/paused since 2026-08-20T10:00:00Z loose 3@2026-08-20T10:00:00Z due ${A} notices ${B}@2026-08-20T10:00:00Z`,
    ],
  ])('should be words a person can read: %s of %j', (key, given, text) => {
    expect(ledgerTags(ledger(given))[PREFIX + key]).toBe(text);
  });

  it.each<Partial<Ledger>>([
    { resources: [] },
    { epoch: 123_456_789 },
    { moves: [], forced: [], notices: [], members: [] },
    { moves: [NOW, NOW - 1], forced, stuck, refused, notices },
    { movedAt: 0, pausedUntil: 0, condition: { what: 'a/b', since: 1 }, loose: { count: 1, lastAt: 1 } },
  ])('should come back as they were: %j', (given) => {
    const reading = read(ledgerTags(ledger(given)));
    expect(reading).toEqual({ status: 'valid', ledger: ledger(given), missingOn: [], outdated: false });
  });

  it('should name no holder and no origin where there is none', () => {
    const { holder: _, ...held } = ledger();
    const { from: __, ...operation } = moving().operation ?? { to: B };
    const tags = ledgerTags({ ...held, operation } as Ledger);
    expect(tags[`${PREFIX}state`]).toContain(' holder=none ');
    expect(tags[`${PREFIX}operation`]).toMatch(`failover from=none to=${B} `);
    expect(read(tags)).toMatchObject({ status: 'valid', ledger: { operation } });
    expect(read(tags)).not.toHaveProperty('ledger.holder');
    expect(read(tags)).not.toHaveProperty('ledger.operation.from');
  });
});

describe('what an operation writes', () => {
  const keysOf = (tags: object) => Object.keys(tags).map((key) => key.replace(PREFIX, ''));
  const full = ledger({ pausedUntil: NOW, notices: [{ instanceId: B, at: NOW }] });

  it('should leave alone what people, sweeps and events may be writing at that moment', () => {
    expect(keysOf(encodeOperation(full, PREFIX))).toEqual(['state', 'operation', 'moves', 'devices', 'reason']);
  });

  it('should leave alone what is people’s, where it begins a ledger', () => {
    const all = keysOf(ledgerTags(full));
    expect(all).toHaveLength(8);
    expect(keysOf(encodeLedger(full, PREFIX)).sort()).toEqual(all.filter((key) => key !== 'pause').sort());
  });

  it.each([
    ['pause', ['pausedUntil', 'acknowledgedAt'], undefined],
    ['notes', ['condition', 'loose'], undefined],
    ['notes', ['notices'], []],
    ['members', ['members'], []],
  ])('should be readable without the tag %s', (key, fields, empty) => {
    const written = ledger({
      pausedUntil: NOW,
      acknowledgedAt: 0,
      notices: [{ instanceId: B, at: NOW }],
      condition: { what: 'a/b', since: 1 },
      loose: { count: 1, lastAt: 1 },
    });
    const reading = read(without(ledgerTags(written), key));
    expect(reading).toMatchObject({ status: 'valid', ledger: { epoch: 3, holder: A } });
    const found = reading.status === 'valid' ? (reading.ledger as object as Record<string, unknown>) : {};
    for (const field of fields) expect([field, found[field]]).toEqual([field, empty]);
  });

  it('should be limited to the keys that are asked for', () => {
    expect(encodeKeys(ledger({ pausedUntil: NOW }), ['pause', 'notes'], PREFIX)).toEqual({
      [`${PREFIX}pause`]: 'until 2026-08-20T10:00:00Z',
      [`${PREFIX}notes`]: 'none',
    });
  });
});

describe('what has been overtaken', () => {
  const before = ledger({
    moves: [NOW - 1, NOW + 1],
    refused: [NOW - 1, NOW + 1].map((at) => ({ instanceId: B, at, code: 'denied' })),
    condition: { what: 'a/b', since: NOW - 1 },
    loose: { count: 2, lastAt: NOW - 1 },
  });

  it('should not count once a person has acknowledged it, and be told apart from what came after', () => {
    const reading = read(ledgerTags({ ...before, acknowledgedAt: NOW }));
    const { condition: _, loose: __, ...kept } = before;
    expect(reading).toEqual({
      status: 'valid',
      ledger: {
        ...kept,
        acknowledgedAt: NOW,
        moves: [NOW + 1],
        refused: [{ instanceId: B, at: NOW + 1, code: 'denied' }],
      },
      missingOn: [],
      outdated: true,
    });
  });

  it('should not stand in the way of a group that was moved since', () => {
    const { condition: _, loose: __, ...kept } = before;
    const reading = read(ledgerTags({ ...before, movedAt: NOW }));
    expect(reading).toMatchObject({ ledger: { ...kept, movedAt: NOW }, outdated: true });
    expect(reading).not.toHaveProperty('ledger.condition');
    expect(reading).not.toHaveProperty('ledger.loose');
    expect(read(ledgerTags({ ...before, movedAt: NOW - 2 }))).toMatchObject({ ledger: before, outdated: false });
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

  const places = resources.slice(0, 3);
  const dated = (length: number) => count(length, (nth) => ({ instanceId: long(nth), launchedAt: NOW + nth * 1_000 }));
  const noticed = count(6, (nth) => ({ instanceId: long(nth), at: NOW + nth * 1_000 }));
  const moves = count(10, (nth) => NOW + nth * 8_000_001);

  it.each<[what: string, key: string, full: Partial<Ledger>]>([
    ['15 interfaces on any card', 'devices', { resources }],
    ['3 interfaces and 4 forced detaches', 'devices', { resources: places, forced: dated(4) }],
    ['10 moves, and 3 members on which one hung', 'moves', { moves, stuck: dated(3) }],
    ['6 notices', 'notes', { notices: noticed }],
    ['12 members', 'members', { members: count(12, long) }],
  ])('should fit into one tag and come back: %s', (_, key, full) => {
    const tags = ledgerTags(ledger(full));
    expect(tags[PREFIX + key]?.length).toBeLessThanOrEqual(256);
    const group = (full.resources ?? [{ id: ENI }]).map(({ id }) => floating(id, undefined, { tags }));
    expect(readLedger(group, PREFIX)).toMatchObject({ status: 'valid', ledger: full, missingOn: [] });
  });

  it('should have times to the millisecond, however fine the clock: what was forced can be read again', () => {
    const forced = [{ instanceId: A, launchedAt: NOW - 444_725, at: NOW + 0.0866699219 }];
    expect(read(ledgerTags(ledger({ forced })))).toMatchObject({ status: 'valid', ledger: { forced: [{ at: NOW }] } });
  });

  it('should be cut to what fits: the newest of what has a date, the first of the members', () => {
    const refused = dated(4).map(({ instanceId, launchedAt: at }) => ({ instanceId, at, code: 'denied' }));
    const full = { moves: [NOW - 2, NOW - 1, ...moves], members: count(14, long), stuck: dated(2), refused };
    const group = resources.map(({ id }) =>
      floating(id, A, {
        tags: ledgerTags(
          ledger({
            ...full,
            resources,
            forced: dated(2),
            notices: [...noticed, { instanceId: long(9), at: NOW + 9_000 }],
          }),
        ),
      }),
    );
    const reading = readLedger(group, PREFIX);
    const kept = reading.status === 'valid' ? reading.ledger : ledger();
    expect(kept).toMatchObject({ resources, forced: [], moves, stuck: dated(2), members: count(12, long) });
    expect(kept.refused).toEqual([]);
    expect(kept.notices.map(({ at }) => at)).toEqual([1, 2, 3, 4, 5, 9].map((s) => NOW + s * 1_000));
  });
});
