import type { InterfaceView, OccupiedSlot } from '../../../lib/core/model.ts';
import { type Electorate, verdictOnB } from '../../support/election.ts';
import { A, attachment, B, ENI, ENI2, floating, ledger, T3_SMALL } from '../../support/observation.ts';

/** Who has no room for the interfaces, or no device that they need. */

type Row = readonly [what: string, given: Electorate, verdict: string];

/** B with these device indexes taken on card 0. */
const taken = (...indexes: readonly number[]): { readonly slots: readonly OccupiedSlot[] } => ({
  slots: indexes.map((deviceIndex) => ({ interfaceId: `eni-bbbbbbb${deviceIndex}`, deviceIndex, networkCardIndex: 0 })),
});
const on = (given: Partial<InterfaceView>): Electorate => ({ interfaces: [floating(ENI, A, given)] });
const at = (deviceIndex: number, networkCardIndex = 0): Electorate => ({
  interfaces: [floating(ENI, attachment(ENI, A, { deviceIndex, networkCardIndex }))],
});
const TWO = [floating(ENI, A), floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }))];

describe('no-free-slot', () => {
  it.each<Row>([
    [
      'is full',
      { b: taken(0, 2, 3) },
      'no-free-slot: it has 3 of the 3 interfaces a t3.small allows and needs room for 1 more',
    ],
    ['has one slot left', { b: taken(0, 2) }, 'eligible'],
    [
      'has one slot left for two interfaces',
      { b: taken(0, 3), interfaces: TWO },
      'no-free-slot: it has 2 of the 3 interfaces a t3.small allows and needs room for 2 more',
    ],
    ['has two slots left for two interfaces', { b: taken(0), interfaces: TWO }, 'eligible'],
    ['has no such network card', at(1, 2), 'eligible'],
    [
      'has one slot left, and holds the second interface',
      { b: taken(0), interfaces: [floating(ENI, A), floating(ENI2, attachment(ENI2, B, { deviceIndex: 2 }))] },
      'eligible',
    ],
    [
      'has a card that is full',
      {
        b: taken(0, 2, 3),
        limits: {
          't3.small': {
            maxInterfaces: 6,
            ipv4PerInterface: 4,
            ipv6PerInterface: 4,
            cards: [{ index: 0, maxInterfaces: 3 }],
          },
        },
      },
      `no-free-slot: no device index of it is free for ${ENI}`,
    ],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('no-free-attachment', () => {
  const limits = { 't3.small': { ...T3_SMALL, sharedAttachments: 27 } };
  const said =
    'no-free-attachment: it has 26 volumes and 1 interfaces, which share the 27 attachments of a t3.small, and needs room for 1 more';

  it.each<Row>([
    ['uses them all', { b: { volumes: 26 }, limits }, said],
    ['has one left', { b: { volumes: 25 }, limits }, 'eligible'],
    ['has volumes that count apart', { b: { volumes: 26 } }, 'eligible'],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('device-index-beyond-limit', () => {
  const asking = (deviceIndex: number, tag: string): Electorate => ({
    interfaces: [floating(ENI, attachment(ENI, A, { deviceIndex }), { tags: { 'eni-failover:device-index': tag } })],
  });
  const said = `device-index-beyond-limit: ${ENI} asks by its tag for device index 3 on network card 0, and a t3.small has the device indexes 0 to 2 on network card 0`;

  it.each<Row>([
    ['asks for one that the type does not have', asking(3, '3'), said],
    ['asks for one that the type has', asking(3, '2'), 'eligible'],
    ['asks for none, and has one that the type does not have', at(3), 'eligible'],
  ])('should follow when the interface %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('device-index-taken', () => {
  const was = (deviceIndex: number) =>
    ledger({ resources: [{ kind: 'interface', id: ENI, deviceIndex, networkCardIndex: 0 }] });
  const said = `device-index-taken: ${ENI} needs device index 1 on network card 0, and eni-bbbbbbb1 has it`;

  it.each<Row>([
    ['has another interface there', { b: taken(0, 1) }, said],
    ['has another interface at the next index', { b: taken(0, 2) }, 'eligible'],
    ['has another interface there, though it was its own', { b: taken(0, 1), terms: { asOldHolder: true } }, said],
    [
      'has another interface at the second one’s index',
      {
        b: taken(0, 2),
        interfaces: TWO,
        limits: {
          't3.small': {
            maxInterfaces: 9,
            ipv4PerInterface: 4,
            ipv6PerInterface: 4,
            cards: [{ index: 0, maxInterfaces: 9 }],
          },
        },
      },
      `device-index-taken: ${ENI2} needs device index 2 on network card 0, and eni-bbbbbbb2 has it`,
    ],
    [
      'has another interface where a loose one was',
      { b: taken(0, 2), interfaces: [floating(ENI)], ledger: was(2) },
      'eligible',
    ],
    [
      'has another interface where a loose one was, which asks for it by tag',
      {
        b: taken(0, 2),
        interfaces: [floating(ENI, undefined, { tags: { 'eni-failover:device-index': '2' } })],
        ledger: was(2),
      },
      `device-index-taken: ${ENI} asks by its tag for device index 2 on network card 0, and eni-bbbbbbb2 has it`,
    ],
    [
      'has another interface where a loose one was not',
      { b: taken(0, 1), interfaces: [floating(ENI)], ledger: was(2) },
      'eligible',
    ],
    [
      'is full, too',
      { b: taken(0, 1, 2) },
      'no-free-slot: it has 3 of the 3 interfaces a t3.small allows and needs room for 1 more',
    ],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('too-few-addresses', () => {
  const said = (count: number, family: string, id: string = ENI) =>
    `too-few-addresses: ${id} has ${count} ${family} addresses and a t3.small allows 4 per interface`;

  it.each<Row>([
    ['more IPv4 addresses than allowed', on({ privateIpv4Count: 5 }), said(5, 'IPv4')],
    ['as many IPv4 addresses as allowed', on({ privateIpv4Count: 4 }), 'eligible'],
    ['more IPv6 addresses than allowed', on({ ipv6Count: 5 }), said(5, 'IPv6')],
    ['as many IPv6 addresses as allowed', on({ ipv6Count: 4 }), 'eligible'],
    ['too many of both', on({ privateIpv4Count: 9, ipv6Count: 9 }), said(9, 'IPv4')],
    ['too many, for a standby that is full', { ...on({ ipv6Count: 5 }), b: taken(0, 2, 3) }, said(5, 'IPv6')],
  ])('should follow when the interface has %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });

  it('should follow when only the second interface has too many: a group moves as a whole or not at all', () => {
    const interfaces = [floating(ENI, A), floating(ENI2, A, { privateIpv4Count: 5 })];
    expect(verdictOnB({ interfaces })).toBe(said(5, 'IPv4', ENI2));
  });
});
