import type { InterfaceView } from '../../../lib/core/model.ts';
import { A, attachment, B, ENI, ENI2, floating, T3_SMALL } from '../../support/observation.ts';
import { candidate, devices, noted, placed, slot, tag, TWO_CARDS } from '../../support/placing.ts';

describe('a device that the candidate’s type does not have', () => {
  const at = (deviceIndex: number, networkCardIndex = 0, given: Partial<InterfaceView> = {}) =>
    floating(ENI, attachment(ENI, A, { deviceIndex, networkCardIndex }), given);
  const CARD_0 = 'a t3.small has the device indexes 0 to 2 on network card 0';

  it('should be replaced by the lowest free one, and be the last that it has kept', () => {
    expect(placed([at(2)])).toMatchObject({ displaced: 0 });
    expect(placed([at(3)], { on: candidate(slot(1)) })).toMatchObject({ placed: [{ deviceIndex: 2 }], displaced: 1 });
    expect(placed([floating(ENI)])).toMatchObject({ displaced: 0 });
  });

  it('should be replaced on any card, the first ones first, and never by the primary interface’s', () => {
    expect(devices(placed([at(1, 3)], { limits: TWO_CARDS }))).toEqual(['1@0']);
    expect(devices(placed([at(4, 1)], { on: candidate(slot(1), slot(2)), limits: TWO_CARDS }))).toEqual(['1@1']);
    const on = candidate(slot(1), slot(2), slot(1, 1), slot(2, 1));
    expect(devices(placed([at(3, 1)], { on, limits: TWO_CARDS }))).toEqual(['0@1']);
    const limits = { ...TWO_CARDS, maxInterfaces: 9 };
    const full = candidate(slot(1), slot(2), slot(0, 1), slot(1, 1), slot(2, 1));
    expect(devices(placed([at(3, 1)], { on: full, limits }))).toBe('no-free-slot');
    // Counted as full although one of its indexes is free.
    expect(devices(placed([at(3, 1)], { on: candidate(slot(1), slot(7)), limits }))).toEqual(['1@1']);
  });

  it('should be replaced when it is only remembered', () => {
    expect(devices(placed([floating(ENI)], { remembered: [noted(ENI, 3)] }))).toEqual(['1@0']);
  });

  it.each([
    ['3', at(3, 0, tag('3')), `${ENI} asks by its tag for device index 3 on network card 0, and ${CARD_0}`],
    [
      '3, of a loose one',
      floating(ENI, undefined, tag('3')),
      `${ENI} asks by its tag for device index 3 on network card 0, and ${CARD_0}`,
    ],
    [
      '1@1',
      at(1, 1, tag('1@1')),
      `${ENI} asks by its tag for device index 1 on network card 1, and a t3.small has no network card 1`,
    ],
  ])('should not be replaced when a tag asks for it: %s', (_, view, reason) => {
    expect(placed([view])).toEqual({ fault: { code: 'device-index-beyond-limit', reason } });
  });

  it('should give way to a tag that asks for one it has', () => {
    expect(devices(placed([at(3, 0, tag('2'))]))).toEqual(['2@0']);
  });
});

describe('a device that a stranger has', () => {
  const on = candidate(slot(1));

  it('should be replaced by a free one when nobody serves with the interface', () => {
    const stopped = floating(ENI, attachment(ENI, A));
    expect(devices(placed([stopped], { on, running: [B] }))).toEqual(['2@0']);
    expect(devices(placed([floating(ENI)], { on, remembered: [noted(ENI, 1)] }))).toEqual(['2@0']);
    expect(devices(placed([stopped], { on }))).toBe('device-index-taken');
  });

  it('should not be replaced when a tag asks for it, whoever serves', () => {
    for (const view of [floating(ENI, A, tag('1')), floating(ENI, undefined, tag('1'))]) {
      const reason = `${ENI} asks by its tag for device index 1 on network card 0, and eni-01 has it`;
      expect(placed([view], { on, running: [B] })).toEqual({ fault: { code: 'device-index-taken', reason } });
    }
  });
});

describe('attachments that volumes and interfaces share', () => {
  const limits = { ...T3_SMALL, sharedAttachments: 27 };
  const having = (volumes: number, ...slots: ReturnType<typeof slot>[]) => ({ ...candidate(...slots), volumes });

  it.each([
    [25, ['1@0']],
    [26, 'no-free-attachment'],
  ])('should be counted: %i volumes and the primary interface', (volumes, expected) => {
    expect(devices(placed([floating(ENI)], { on: having(volumes), limits }))).toEqual(expected);
  });

  it('should be counted with every interface, on it and to come', () => {
    expect(devices(placed([floating(ENI), floating(ENI2)], { on: having(25), limits }))).toBe('no-free-attachment');
    expect(devices(placed([floating(ENI)], { on: having(25, slot(1)), limits }))).toBe('no-free-attachment');
    expect(devices(placed([floating(ENI), floating(ENI2)], { on: having(24), limits }))).toEqual(['1@0', '2@0']);
  });

  it('should not stand in the way of what is there already, nor count where volumes have a limit of their own', () => {
    const there = floating(ENI, attachment(ENI, B));
    expect(devices(placed([there], { on: having(40, { ...slot(1), interfaceId: ENI }), limits }))).toEqual(['1@0']);
    expect(devices(placed([floating(ENI)], { on: having(40) }))).toEqual(['1@0']);
    expect(devices(placed([floating(ENI)], { limits }))).toEqual(['1@0']);
  });

  it('should be named', () => {
    const result = placed([floating(ENI)], { on: having(27), limits });
    const has = '27 volumes and 1 interfaces, which share the 27 attachments of a t3.small';
    expect('fault' in result && result.fault.reason).toBe(`it has ${has}, and needs room for 1 more`);
  });
});

describe('what an attachment was asked for with', () => {
  const EXPRESS = { express: { udp: true }, queues: 4 };

  it('should be asked for again: what it has now, else what this run saw', () => {
    const view = floating(ENI, attachment(ENI, A, { ena: EXPRESS }));
    const carried = { [ENI]: { queues: 2 } };
    expect(placed([view], { carried })).toMatchObject({ placed: [{ ena: EXPRESS }] });
    expect(placed([floating(ENI)], { carried })).toMatchObject({ placed: [{ ena: { queues: 2 } }] });
    for (const plain of [placed([floating(ENI, A)], { carried }), placed([floating(ENI)])])
      expect('placed' in plain && plain.placed[0]).not.toHaveProperty('ena');
  });
});
