import type { InterfaceView, OccupiedSlot } from '../../../lib/core/model.ts';
import { type Electorate, verdictOnB } from '../../support/election.ts';
import { A, attachment, B, ENI, ENI2, floating, ledger } from '../../support/observation.ts';

/** Who cannot reach, take or hold the interfaces, well or not. */

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

describe('other-account', () => {
  it.each<Row>([
    [
      'belongs to another account',
      { b: { ownerId: '210987654321' } },
      `other-account: ${ENI} belongs to account 123456789012, it to 210987654321`,
    ],
    [
      'belongs to another than the second interface',
      { interfaces: [floating(ENI, A), floating(ENI2, A, { ownerId: '210987654321' })] },
      `other-account: ${ENI2} belongs to account 210987654321, it to 123456789012`,
    ],
    ['belongs to the same', { b: { ownerId: '123456789012' } }, 'eligible'],
    [
      'belongs to another and is in another zone',
      { b: { ownerId: '210987654321', zone: 'us-east-1b' } },
      `other-account: ${ENI} belongs to account 123456789012, it to 210987654321`,
    ],
    [
      'belongs to another, though it was its own',
      { b: { ownerId: '210987654321' }, terms: { asOldHolder: true, ignoreHealthOf: B } },
      `other-account: ${ENI} belongs to account 123456789012, it to 210987654321`,
    ],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('other-zone', () => {
  const away = { b: { zone: 'us-east-1b' } };
  const said = `other-zone: it is in us-east-1b and ${ENI} is in us-east-1a`;

  it.each<Row>([
    ['is in another zone', away, said],
    ['is in another zone and stopped', { b: { ...away.b, state: 'stopped' } }, said],
    ['is in another zone, though vouched for', { ...away, terms: { ignoreHealthOf: B } }, said],
    ['is in another zone, though it was its own', { ...away, terms: { asOldHolder: true } }, said],
    [
      'is in another zone than the second interface',
      { interfaces: [floating(ENI, A), floating(ENI2, A, { zone: 'us-east-1c' })] },
      `other-zone: it is in us-east-1a and ${ENI2} is in us-east-1c`,
    ],
    ['is in the same', { b: { zone: 'us-east-1a' } }, 'eligible'],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('interface-efa', () => {
  const said = `interface-efa: ${ENI} is an EFA, which cannot be attached to a running instance`;

  it.each<Row>([
    ['is an EFA', on({ type: 'efa' }), said],
    ['is an EFA without addresses', on({ type: 'efa-only' }), said],
    ['is an EFA, for a standby of unknown limits', { ...on({ type: 'efa' }), b: { type: 'm9x.new' } }, said],
    ['is an ordinary one', on({ type: 'interface' }), 'eligible'],
    [
      'is an EFA, for a standby that is stopped',
      { ...on({ type: 'efa' }), b: { state: 'stopped' } },
      'not-running: it is stopped',
    ],
  ])('should follow when the interface %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('interface-managed', () => {
  it.each<Row>([
    [
      'is managed by a service',
      on({ managedBy: 'eks.amazonaws.com' }),
      `interface-managed: ${ENI} is managed by eks.amazonaws.com`,
    ],
    [
      'is managed and an EFA',
      on({ managedBy: 'eks.amazonaws.com', type: 'efa' }),
      `interface-managed: ${ENI} is managed by eks.amazonaws.com`,
    ],
    [
      'is the second of the group, and managed',
      { interfaces: [floating(ENI, A), floating(ENI2, A, { managedBy: 'elb' })] },
      `interface-managed: ${ENI2} is managed by elb`,
    ],
    ['is managed by nobody', on({}), 'eligible'],
  ])('should follow when the interface %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('limits-unreadable', () => {
  it.each<Row>([
    [
      'not known',
      { b: { type: 'm9x.new' } },
      'limits-unreadable: the limits of instance type m9x.new could not be read',
    ],
    ['known', { b: { type: 't3.small' } }, 'eligible'],
  ])('should follow when the limits of its type are %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

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
    ['has no such network card', at(1, 2), 'no-free-slot: a t3.small has no network card 2'],
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
      'no-free-slot: its network card 0 allows 3 interfaces',
    ],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('device-index-taken', () => {
  const was = (deviceIndex: number) =>
    ledger({ resources: [{ kind: 'interface', id: ENI, deviceIndex, networkCardIndex: 0 }] });
  const said = `device-index-taken: ${ENI} needs device index 1 on network card 0, which is taken`;

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
      `device-index-taken: ${ENI2} needs device index 2 on network card 0, which is taken`,
    ],
    [
      'has another interface where a loose one was',
      { b: taken(0, 2), interfaces: [floating(ENI)], ledger: was(2) },
      `device-index-taken: ${ENI} needs device index 2 on network card 0, which is taken`,
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
