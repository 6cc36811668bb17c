import { place } from '../../../lib/core/placement.ts';
import { A, attachment, B, ENI, ENI2, floating, T3_SMALL } from '../../support/observation.ts';
import { candidate, devices, noted, placed, slot, tag, TWO_CARDS } from '../../support/placing.ts';

describe('the device of an interface', () => {
  it('should be the one it has now, before anything remembered or tagged', () => {
    const view = floating(ENI, attachment(ENI, A, { deviceIndex: 2 }), tag('1'));
    expect(devices(placed([view], { remembered: [noted(ENI, 1)] }))).toEqual(['2@0']);
  });

  it('should be the remembered one when it is detached', () => {
    expect(devices(placed([floating(ENI, undefined, tag('1'))], { remembered: [noted(ENI, 2)] }))).toEqual(['2@0']);
  });

  it('should be the one remembered of this interface, not of another', () => {
    const remembered = [noted(ENI2, 1), noted(ENI, 2)];
    expect(devices(placed([floating(ENI), floating(ENI2)], { remembered }))).toEqual(['2@0', '1@0']);
  });

  it('should be the tagged one when nothing is remembered', () => {
    expect(devices(placed([floating(ENI, undefined, tag('2'))]))).toEqual(['2@0']);
  });

  it('should be on the tagged card', () => {
    expect(devices(placed([floating(ENI, undefined, tag('1@1'))], { limits: TWO_CARDS }))).toEqual(['1@1']);
  });

  it.each(['0', '-1', 'one', '1@', ''])('should not be taken from the malformed tag %j', (text) => {
    expect(devices(placed([floating(ENI, undefined, tag(text))]))).toEqual(['1@0']);
  });

  it('should be the lowest free one from 1 up when nothing says more', () => {
    expect(devices(placed([floating(ENI)], { on: candidate(slot(1)) }))).toEqual(['2@0']);
  });

  it('should not be given out twice', () => {
    expect(devices(placed([floating(ENI), floating(ENI2)]))).toEqual(['1@0', '2@0']);
  });

  it('should be reserved for the interface that has to have it, whatever the order of ids', () => {
    expect(devices(placed([floating(ENI), floating(ENI2, undefined, tag('1'))]))).toEqual(['2@0', '1@0']);
  });

  it('should stay as it is on a candidate that has the interface already', () => {
    const view = floating(ENI, attachment(ENI, B, { deviceIndex: 2 }));
    expect(devices(placed([view], { on: candidate(slot(2)) }))).toEqual(['2@0']);
  });
});

describe('a candidate', () => {
  const attached = (deviceIndex: number, networkCardIndex = 0) =>
    floating(ENI, attachment(ENI, A, { deviceIndex, networkCardIndex }));

  it('should be refused when the index is taken', () => {
    expect(devices(placed([attached(1)], { on: candidate(slot(1)) }))).toBe('device-index-taken');
  });

  it('should not be refused for the same index on another card', () => {
    expect(devices(placed([attached(1)], { on: candidate(slot(1, 1)), limits: TWO_CARDS }))).toEqual(['1@0']);
  });

  it('should let the later of two interfaces of the group that want the same index have the next free one', () => {
    const interfaces = [attached(1), floating(ENI2, undefined, tag('1'))];
    expect(devices(placed(interfaces))).toEqual(['1@0', '2@0']);
  });

  it.each([
    [0, ['1@0', '2@0']],
    [1, 'no-free-slot'],
  ])('should have a slot for every interface that arrives (%i taken)', (taken, expected) => {
    const on = candidate(...[slot(9), slot(8)].slice(0, taken));
    expect(devices(placed([floating(ENI), floating(ENI2)], { on }))).toEqual(expected);
  });

  it('should need no slot for an interface it has already', () => {
    const here = floating(ENI, attachment(ENI, B));
    expect(devices(placed([here, floating(ENI2)], { on: candidate(slot(1)) }))).toEqual(['1@0', '2@0']);
  });

  it('should not be kept from its own index by an older read that still shows it there', () => {
    const ghost = { interfaceId: ENI, deviceIndex: 1, networkCardIndex: 0 };
    expect(devices(placed([floating(ENI, undefined, tag('1'))], { on: candidate(ghost) }))).toEqual(['1@0']);
  });

  it.each([
    [{ privateIpv4Count: 4 }, ['1@0']],
    [{ privateIpv4Count: 5 }, 'too-few-addresses'],
    [{ ipv6Count: 4 }, ['1@0']],
    [{ ipv6Count: 5 }, 'too-few-addresses'],
  ])('should allow the addresses of the interface: %j', (given, expected) => {
    expect(devices(placed([floating(ENI, undefined, given)]))).toEqual(expected);
  });

  it('should be refused while the limits of its type are not known', () => {
    const context = { tagPrefix: 'eni-failover:', remembered: [], carried: {}, withheld: [], running: new Set([A]) };
    expect(devices(place([floating(ENI)], candidate(), undefined, context))).toBe('limits-unreadable');
  });
});

describe('what is on the candidate already', () => {
  it('should give way when it is another interface of the group', () => {
    const there = floating(ENI2, attachment(ENI2, B, { deviceIndex: 1 }));
    const on = candidate({ ...slot(1), interfaceId: ENI2 });
    const limits = { ...T3_SMALL, maxInterfaces: 4, cards: [{ index: 0, maxInterfaces: 4 }] };
    expect(devices(placed([floating(ENI, A), there], { on, limits }))).toEqual(['2@0', '1@0']);
    const stranger = candidate({ ...slot(1), interfaceId: ENI2 }, slot(2));
    const wish = floating(ENI, attachment(ENI, A, { deviceIndex: 2 }));
    expect(devices(placed([wish, there], { on: stranger, limits }))).toBe('device-index-taken');
  });

  it('should not count when it is an older sight of one of those that arrive', () => {
    const two = [floating(ENI, A), floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }))];
    expect(devices(placed(two, { on: candidate({ ...slot(2), interfaceId: ENI2 }) }))).toEqual(['1@0', '2@0']);
  });

  it('should count on its own network card only', () => {
    const on = candidate(slot(1), slot(2), slot(1, 1));
    const arriving = [1, 0].map((nth) => {
      const id = nth === 1 ? ENI : ENI2;
      return floating(id, attachment(id, A, { deviceIndex: nth + 1, networkCardIndex: nth }));
    });
    const roomy = { ...TWO_CARDS, cards: [0, 1].map((index) => ({ index, maxInterfaces: 4 })), maxInterfaces: 8 };
    expect(devices(placed(arriving, { on, limits: roomy, running: [] }))).toEqual(['2@1', '3@0']);
  });
});

describe('the addresses of an interface', () => {
  it('should be counted for each family, and may be as many as the type allows', () => {
    const view = (privateIpv4Count: number, ipv6Count: number) => floating(ENI, A, { privateIpv4Count, ipv6Count });
    expect(devices(placed([view(4, 4)]))).toEqual(['1@0']);
    expect(devices(placed([view(4, 5)]))).toBe('too-few-addresses');
    expect(devices(placed([view(5, 4)]))).toBe('too-few-addresses');
  });
});
