import { readNotices } from '../../../lib/core/ledger-codec.ts';
import { A, B, ENI, ENI2, floating, ledger, ledgerTags, NOW } from '../../support/observation.ts';

const PREFIX = 'eni-failover-state:';

describe('the notices of a ledger', () => {
  const told = (at: number, id: string = B) => ({ instanceId: id, at });
  const tags = (notices: readonly { instanceId: string; at: number }[]) => ledgerTags(ledger({ notices }));

  it('should be read from every interface, each once, the newest last', () => {
    const one = floating(ENI, A, { tags: tags([told(NOW), told(NOW - 2)]) });
    const other = floating(ENI2, A, { tags: tags([told(NOW), told(NOW - 1, A)]) });
    expect(readNotices([one, other], PREFIX)).toEqual([told(NOW - 2), told(NOW - 1, A), told(NOW)]);
  });

  it('should outlive whatever else cannot be read, and the entries that cannot', () => {
    const broken = {
      ...tags([]),
      [`${PREFIX}state`]: 'many',
      [`${PREFIX}notes`]: `odd notices ${B}@soon web@x ${B}@2026-08-20T10:00:00.000Z`,
    };
    expect(readNotices([floating(ENI, A, { tags: broken })], PREFIX)).toEqual([told(NOW)]);
  });
});
