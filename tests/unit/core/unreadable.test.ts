import { unreadableBySet } from '../../../lib/core/unreadable.ts';
import { A, ENI, ENI2, floating } from '../../support/observation.ts';

const PREFIX = 'eni-failover-state:';
const listing = (...ids: readonly string[]) => ({
  [`${PREFIX}devices`]: `interface ${ids.map((id) => id.slice(-8)).join(' ')}`,
});

describe('an interface that cannot be understood', () => {
  it.each<[string, object, object, boolean]>([
    ['nobody has looked yet', {}, {}, true],
    ['each names the other', listing(ENI, ENI2), listing(ENI, ENI2), true],
    ['it is named, and has no list', listing(ENI, ENI2), {}, true],
    ['it is not named', listing(ENI), {}, false],
    ['it has a list that the others are not in', {}, listing(ENI2), false],
    ['it is named by one that it does not name', listing(ENI, ENI2), listing(ENI2), false],
    ['it names one that does not name it', listing(ENI), listing(ENI, ENI2), false],
    ['it names one that has no list', {}, listing(ENI, ENI2), true],
  ])('should be of a set, or be alone: %s', (_, theirs, own, expected) => {
    const set = [floating(ENI, A, { tags: { ...theirs } })];
    const odd = { id: ENI2, reason: 'odd', tags: { ...own } };
    const { of, apart } = unreadableBySet([set], [odd], PREFIX);
    expect([of, apart]).toEqual(expected ? [[[odd]], []] : [[[]], [odd]]);
  });

  it('should be of the group that shows nothing else', () => {
    const odd = { id: ENI2, reason: 'odd', tags: listing(ENI2) };
    expect(unreadableBySet([[]], [odd], PREFIX)).toEqual({ of: [[odd]], apart: [] });
  });
});
