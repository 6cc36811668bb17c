import type { InterfaceView, OccupiedSlot } from '../../../lib/core/model.ts';
import { type Electorate, verdictOnB } from '../../support/election.ts';
import { A, B, ENI, ENI2, floating } from '../../support/observation.ts';

/** Who cannot reach the interfaces or take any, well or not. */

type Row = readonly [what: string, given: Electorate, verdict: string];

/** B with these device indexes taken on card 0. */
const taken = (...indexes: readonly number[]): { readonly slots: readonly OccupiedSlot[] } => ({
  slots: indexes.map((deviceIndex) => ({ interfaceId: `eni-bbbbbbb${deviceIndex}`, deviceIndex, networkCardIndex: 0 })),
});
const on = (given: Partial<InterfaceView>): Electorate => ({ interfaces: [floating(ENI, A, given)] });

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

describe('other-outpost', () => {
  const [OURS, THEIRS] = ['arn:aws:outposts:us-east-1:1:outpost/op-1', 'arn:aws:outposts:us-east-1:1:outpost/op-2'];

  it.each<Row>([
    ['is on one', { b: { outpost: OURS } }, `other-outpost: it is on the Outpost ${OURS} and ${ENI} is on no Outpost`],
    ['is on none', on({ outpost: OURS }), `other-outpost: it is on no Outpost and ${ENI} is on the Outpost ${OURS}`],
    [
      'is on another',
      { ...on({ outpost: OURS }), b: { outpost: THEIRS }, terms: { asOldHolder: true } },
      `other-outpost: it is on the Outpost ${THEIRS} and ${ENI} is on the Outpost ${OURS}`,
    ],
    ['is on the same', { ...on({ outpost: OURS }), b: { outpost: OURS } }, 'eligible'],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('instance-managed', () => {
  const said = 'instance-managed: it is managed by eks.amazonaws.com';
  const managed = { managedBy: 'eks.amazonaws.com' };

  it.each<Row>([
    ['is managed by a service', { b: managed }, said],
    ['is managed, though vouched for', { b: managed, terms: { ignoreHealthOf: B } }, said],
    ['is managed, and full', { b: { ...managed, ...taken(0, 2, 3) } }, said],
    ['is managed, and stopped', { b: { ...managed, state: 'stopped' } }, 'not-running: it is stopped'],
    ['is managed by nobody', { b: {} }, 'eligible'],
  ])('should judge a standby that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('interface-special', () => {
  it.each<Row>([
    [
      'trunk',
      on({ type: 'trunk' }),
      `interface-special: ${ENI} is of the kind 'trunk', which only its service attaches`,
    ],
    [
      'NAT gateway',
      on({ type: 'nat_gateway' }),
      `interface-special: ${ENI} is of the kind 'nat gateway', which only its service attaches`,
    ],
    [
      'branch that says by whom',
      on({ type: 'branch', managedBy: 'ecs' }),
      `interface-managed: ${ENI} is managed by ecs`,
    ],
    ['ordinary', on({ type: 'interface' }), 'eligible'],
  ])('should follow when the interface is a %s one', (_, given, verdict) => {
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
