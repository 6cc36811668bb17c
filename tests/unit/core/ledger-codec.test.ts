import * as fc from 'fast-check';
import type { Ledger } from '../../../lib/core/ledger.ts';
import { encodeKeys, encodeLedger, readLedger } from '../../../lib/core/ledger-codec.ts';
import { A, B, ENI, ENI2, floating, intent, ledger, ledgerTags, moving, NOW } from '../../support/observation.ts';

const PREFIX = 'eni-failover-state:';
const PORTABLE = /^[\p{L}\p{N} +\-=._:/@]{1,256}$/u;

const read = (tags: Readonly<Record<string, string>>) => readLedger([floating(ENI, A, { tags })], PREFIX);
const without = (tags: Readonly<Record<string, string>>, key: string) =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => name !== PREFIX + key));

const time = fc.integer({ min: 0, max: Date.UTC(9_999, 0, 1) });
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: length, maxLength: length });
const instanceId = fc.oneof(hex(8), hex(17)).map((digits) => `i-${digits}`);
const interfaceId = hex(17).map((digits) => `eni-${digits}`);
const device = fc.record({
  deviceIndex: fc.integer({ min: 1, max: 99 }),
  networkCardIndex: fc.integer({ min: 0, max: 9 }),
});
const word = fc.stringMatching(/^[A-Za-z0-9-]{1,36}$/);

const anyIntent = fc.record(
  {
    id: word,
    action: fc.constantFrom('failover' as const, 'attach' as const),
    from: instanceId,
    to: instanceId,
    runId: word,
    deadlineAt: time,
    automatic: fc.boolean(),
    ignoreHealth: fc.boolean(),
  },
  { requiredKeys: ['id', 'action', 'to', 'runId', 'deadlineAt', 'automatic', 'ignoreHealth'] },
);

const atRest = fc.record(
  {
    phase: fc.constantFrom('steady' as const, 'failed' as const),
    holder: instanceId,
    operation: anyIntent,
    devices: fc.dictionary(interfaceId, device, { maxKeys: 15 }).map((all) => ({ ...all })),
    reason: fc
      .stringMatching(/^[A-Za-z0-9.]([A-Za-z0-9 .]{0,200}[A-Za-z0-9.])?$/)
      .map((text) => text.replace(/ +/g, ' ')),
    changedAt: time,
    epoch: fc.nat(),
    movedAt: time,
    moves: fc.array(time, { maxLength: 10 }),
    pausedUntil: time,
    condition: fc.record({ what: fc.constantFrom('holder-impaired/paused', 'group-split/group-split'), since: time }),
    members: fc.array(instanceId, { maxLength: 12 }),
    forced: fc.array(fc.record({ instanceId, launchedAt: time }), { maxLength: 5 }),
  },
  { requiredKeys: ['phase', 'devices', 'reason', 'changedAt', 'epoch', 'moves', 'members', 'forced'] },
);
const anyLedger: fc.Arbitrary<Ledger> = fc.oneof(
  atRest,
  fc.tuple(atRest, anyIntent).map(([rest, operation]): Ledger => ({ ...rest, phase: 'moving', operation })),
);

describe('any ledger', () => {
  it('should come back from its tags as it was', () => {
    fc.assert(
      fc.property(anyLedger, (written) => {
        const ids = Object.keys(written.devices);
        const short = new Set(ids.map((id) => id.slice(-8)));
        fc.pre(short.size === ids.length);
        const tags = ledgerTags(written);
        const group = [ENI, ...ids].map((id) => floating(id, undefined, { tags }));
        expect(readLedger(group, PREFIX)).toEqual({ status: 'valid', ledger: written, missingOn: [] });
      }),
    );
  });

  it('should fit into tags: at most 256 characters that every service takes', () => {
    fc.assert(
      fc.property(anyLedger, fc.string({ unit: 'grapheme', maxLength: 400 }), (written, reason) => {
        for (const [key, value] of Object.entries(ledgerTags({ ...written, reason }))) {
          expect([key, value]).toEqual([key, expect.stringMatching(PORTABLE)]);
          expect(key.length).toBeLessThanOrEqual(128);
        }
      }),
    );
  });
});

describe('what an operation writes', () => {
  it('should leave the pause alone, which a person may be writing at that moment', () => {
    expect(Object.keys(encodeLedger(ledger({ pausedUntil: NOW }), PREFIX))).not.toContain(`${PREFIX}pause`);
  });

  it('should be readable without a pause, a condition or members', () => {
    const tags = ['pause', 'condition', 'members'].reduce(without, ledgerTags(ledger({ pausedUntil: NOW })));
    const reading = read(tags);
    expect(reading).toMatchObject({ status: 'valid', ledger: { members: [] } });
    expect(reading).not.toHaveProperty('ledger.pausedUntil');
  });

  it('should be limited to the keys that are asked for', () => {
    expect(encodeKeys(ledger({ pausedUntil: NOW }), ['pause'], PREFIX)).toEqual({
      [`${PREFIX}pause`]: 'until 2026-08-20T10:00:00.000Z',
    });
  });

  it('should be words a person can read', () => {
    const tags = encodeLedger(moving(), PREFIX);
    expect(tags[`${PREFIX}operation`]).toBe(
      `failover from=${A} to=${B} id=op-1 run=run-1 by=automatic deadline=2026-08-20T10:01:00.000Z`,
    );
    expect(tags[`${PREFIX}devices`]).toBe('11111111:1');
    expect(tags[`${PREFIX}phase`]).toBe('moving');
  });

  it('should keep the newest moves and forced detaches when there are too many', () => {
    const times = Array.from({ length: 12 }, (_, i) => NOW + i);
    const tags = ledgerTags(ledger({ moves: times, forced: times.map((at) => ({ instanceId: A, launchedAt: at })) }));
    const reading = read(tags);
    expect(reading).toMatchObject({ status: 'valid', ledger: { moves: times.slice(2) } });
    expect(reading.status === 'valid' && reading.ledger.forced.map((f) => f.launchedAt)).toEqual(times.slice(7));
  });

  it('should hold the devices of 15 interfaces on any card', () => {
    const ids = Array.from({ length: 15 }, (_, i) => `eni-${i.toString(16).repeat(17)}`);
    const devices = Object.fromEntries(ids.map((id) => [id, { deviceIndex: 15, networkCardIndex: 15 }]));
    const tags = ledgerTags(ledger({ devices }));
    expect(tags[`${PREFIX}devices`]?.length).toBeLessThanOrEqual(256);
    const group = ids.map((id) => floating(id, undefined, { tags }));
    expect(readLedger(group, PREFIX)).toMatchObject({ ledger: { devices } });
  });
});

describe('a damaged ledger', () => {
  it.each([
    ['phase', 'resting'],
    ['holder', 'web-1'],
    ['holder', `${A}!`],
    ['holder', `an ${A}`],
    ['operation', 'failover to nowhere'],
    ['operation', `failover from=${A} to=${B} id=op run=r by=magic deadline=2026-08-20T10:01:00.000Z`],
    ['operation', `promote from=${A} to=${B} id=op run=r by=request deadline=2026-08-20T10:01:00.000Z`],
    ['operation', `failover from=web to=${B} id=op run=r by=request deadline=2026-08-20T10:01:00.000Z`],
    ['operation', `failover from=${A} to=${B} id=op run=r by=request deadline=soon`],
    ['operation', `failover from=${A} id=op run=r by=request deadline=2026-08-20T10:01:00.000Z`],
    ['devices', '11111111:0'],
    ['devices', '11111111'],
    ['changed-at', 'yesterday'],
    ['changed-at', '2026-13-40T10:01:00.000Z'],
    ['epoch', '-1'],
    ['epoch', '1.5'],
    ['moved-at', 'soon'],
    ['moves', '2026-08-20T10:01:00.000Z,2026-08-20T10:02:00.000Z'],
    ['pause', 'until further notice'],
    ['forced', A],
    ['forced', 'web@2026-08-20T10:01:00.000Z'],
    ['condition', 'something'],
    ['members', 'web-1 web-2'],
  ])('should be reported with the field and its text: %s=%j', (key, text) => {
    const reading = read({ ...ledgerTags(ledger()), [PREFIX + key]: text });
    expect(reading).toEqual({
      status: 'damaged',
      faults: [`The ledger of ${ENI} has an unreadable ${key}: '${text}'.`],
    });
  });

  it.each(['phase', 'holder', 'operation', 'devices', 'changed-at', 'epoch', 'moved-at', 'moves', 'forced'])(
    'should be reported when %s is missing',
    (key) => {
      expect(read(without(ledgerTags(ledger()), key))).toMatchObject({
        status: 'damaged',
        faults: [expect.any(String)],
      });
    },
  );

  it('should be reported with every field that is unreadable', () => {
    const reading = read({ ...ledgerTags(ledger()), [`${PREFIX}epoch`]: 'x', [`${PREFIX}moves`]: 'y' });
    expect(reading).toMatchObject({ status: 'damaged', faults: [expect.any(String), expect.any(String)] });
  });

  it('should be reported when it is moving and does not say what', () => {
    const reading = read(ledgerTags({ ...ledger(), phase: 'moving' }));
    expect(reading).toMatchObject({ status: 'damaged', faults: [expect.stringContaining('operation')] });
  });

  it.each(['2', '', 'x'])('should be reported when it is of another version: %j', (version) => {
    const reading = read({ ...ledgerTags(ledger()), [`${PREFIX}version`]: version });
    expect(reading).toMatchObject({ status: 'damaged', faults: [expect.stringContaining(`version '${version}'`)] });
  });
});

describe('the ledgers of several interfaces', () => {
  const newer = ledgerTags(ledger({ epoch: 7, changedAt: NOW }));
  const older = ledgerTags(ledger({ epoch: 6, changedAt: NOW - 1 }));
  const on = (first: Readonly<Record<string, string>>, second: Readonly<Record<string, string>>) =>
    readLedger([floating(ENI, A, { tags: first }), floating(ENI2, A, { tags: second })], PREFIX);

  it('should be read from the newest, wherever it is', () => {
    expect(on(newer, older)).toMatchObject({ ledger: { epoch: 7 } });
    expect(on(older, newer)).toMatchObject({ ledger: { epoch: 7 } });
  });

  it('should be read from the valid one when the other is damaged or absent', () => {
    expect(on({ ...newer, [`${PREFIX}epoch`]: 'x' }, older)).toMatchObject({ ledger: { epoch: 6 }, missingOn: [ENI] });
    expect(on({}, older)).toMatchObject({ ledger: { epoch: 6 }, missingOn: [ENI] });
  });

  it('should be absent when no interface has one', () => {
    expect(on({}, { 'eni-failover:group': 'web' })).toEqual({ status: 'absent' });
  });
});

describe('an intent', () => {
  it('should come back with everything a person asked for', () => {
    const operation = intent({ automatic: false, ignoreHealth: true, action: 'attach' });
    expect(read(ledgerTags(ledger({ phase: 'failed', operation })))).toMatchObject({ ledger: { operation } });
  });
});

describe('a pause', () => {
  const until = (ms: number) => ({ [`${PREFIX}pause`]: `until ${new Date(ms).toISOString()}` });

  it('should be the longest of those on the interfaces, whichever ledger is the newest', () => {
    const tags = ledgerTags(ledger());
    for (const [first, second] of [
      [NOW, NOW + 1],
      [NOW + 1, NOW],
    ] as const) {
      const views = [
        floating(ENI, A, { tags: { ...tags, ...until(first) } }),
        floating(ENI2, A, { tags: { ...tags, ...until(second) } }),
      ];
      expect(readLedger(views, PREFIX)).toMatchObject({ ledger: { pausedUntil: NOW + 1 } });
    }
  });
});
