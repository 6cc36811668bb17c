import * as fc from 'fast-check';
import type { Ledger } from '../../../lib/core/ledger.ts';
import { inForce, readLedger } from '../../../lib/core/ledger-codec.ts';
import { ENI, floating, ledgerTags } from '../../support/observation.ts';

const PREFIX = 'eni-failover-state:';
const PORTABLE = /^[\p{L}\p{N} +\-=._:/@]{1,256}$/u;

const time = fc.integer({ min: 0, max: Date.UTC(9_999, 0, 1) });
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: length, maxLength: length });
const instanceId = fc.oneof(hex(8), hex(17)).map((digits) => `i-${digits}`);
const resource = fc.record({
  kind: fc.constant('interface' as const),
  id: hex(17).map((digits) => `eni-${digits}`),
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

const moves = fc
  .tuple(time, fc.array(fc.nat({ max: 86_400_000 }), { maxLength: 9 }))
  .map(([first, later]) => [first, ...later.map((after) => first + after)]);
const dated = <Key extends string>(key: Key) =>
  fc.array(
    fc.record({ instanceId, [key]: time }) as fc.Arbitrary<
      { readonly instanceId: string } & Readonly<Record<Key, number>>
    >,
    { maxLength: 5 },
  );

const atRest = fc.record(
  {
    phase: fc.constantFrom('steady' as const, 'failed' as const),
    holder: instanceId,
    operation: anyIntent,
    resources: fc.uniqueArray(resource, { maxLength: 15, selector: ({ id }) => id.slice(-8) }),
    reason: fc
      .stringMatching(/^[A-Za-z0-9.]([A-Za-z0-9 .]{0,200}[A-Za-z0-9.])?$/)
      .map((text) => text.replace(/ +/g, ' ')),
    changedAt: time,
    epoch: fc.nat(),
    movedAt: time,
    moves: moves,
    pausedUntil: time,
    condition: fc.record(
      {
        what: fc.constantFrom('holder-impaired/paused', 'group-split/group-split'),
        since: time,
        about: fc.stringMatching(/^[0-9a-f]{8}$/),
      },
      { requiredKeys: ['what', 'since'] },
    ),
    members: fc.array(instanceId, { maxLength: 12 }),
    forced: dated('launchedAt'),
    stuck: dated('launchedAt'),
    refused: dated('at').map((entries) => entries.map((entry) => ({ ...entry, code: 'denied' }))),
    due: instanceId,
    loose: fc.record(
      { count: fc.nat({ max: 999_999 }), lastAt: time, throttled: fc.constant(true) },
      { requiredKeys: ['count', 'lastAt'] },
    ),
    // As they are read: each once, the oldest first.
    notices: fc
      .uniqueArray(fc.record({ instanceId, at: time }), { maxLength: 5, selector: ({ at }) => at })
      .map((notices) => notices.sort((a, b) => a.at - b.at)),
  },
  {
    requiredKeys: [
      'phase',
      'resources',
      'reason',
      'changedAt',
      'epoch',
      'moves',
      'members',
      'forced',
      'stuck',
      'refused',
      'notices',
    ],
  },
);
const anyLedger: fc.Arbitrary<Ledger> = fc.oneof(
  atRest,
  fc.tuple(atRest, anyIntent).map(([rest, operation]): Ledger => ({ ...rest, phase: 'moving', operation })),
);

describe('any ledger', () => {
  it('should come back from its tags as it was, but for the oldest entries of what is too long', () => {
    const open = ['forced', 'stuck', 'refused', 'notices'] as const;
    fc.assert(
      fc.property(anyLedger, (written) => {
        const tags = ledgerTags(written);
        const group = [ENI, ...written.resources.map(({ id }) => id)].map((id) => floating(id, undefined, { tags }));
        const reading = readLedger(group, PREFIX);
        if (reading.status !== 'valid') throw new Error(`It is ${reading.status}.`);
        const whole = inForce(written);
        const newest = open.map((key) => [key, whole[key].slice(whole[key].length - reading.ledger[key].length)]);
        expect(reading.ledger).toEqual({ ...whole, ...Object.fromEntries(newest) });
        expect(reading.missingOn).toEqual([]);
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
