import { leftSince } from '../../../lib/engine/hearing.ts';
import { Released } from '../../../lib/engine/released.ts';
import { A, attachment, B, ENI, floating, NOW, observation } from '../../support/observation.ts';

const on = (holder?: string) => observation({ interfaces: [floating(ENI, holder && attachment(ENI, holder))] });

describe('what others have left', () => {
  it('should be the holders of the first look that hold nothing any more', () => {
    expect(leftSince(on(A), on(B), new Released())).toEqual([A]);
    expect(leftSince(on(A), on(), new Released())).toEqual([A]);
    expect(leftSince(on(A), on(A), new Released())).toEqual([]);
    expect(leftSince(on(), on(B), new Released())).toEqual([]);
  });

  it('should not be what this run has taken off by itself', () => {
    const released = new Released();
    released.ask(attachment(ENI, A).id, NOW);
    expect(leftSince(on(A), on(B), released)).toEqual([]);
  });
});
