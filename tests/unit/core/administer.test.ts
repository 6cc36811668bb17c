import { DEFAULT_PAUSE_MINUTES, ledgerEdit } from '../../../lib/core/administer.ts';
import { analyze } from '../../../lib/core/analyze.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import { readLedger } from '../../../lib/core/ledger-codec.ts';
import type { PersonRequest } from '../../../lib/core/model.ts';
import {
  A,
  ENI,
  floating,
  ledger,
  ledgerTags,
  MINUTE_MS,
  moving,
  NOW,
  observation,
  request,
  settings,
} from '../../support/observation.ts';

/** The edit, and the ledger as it reads afterwards. */
function edited(given: Partial<PersonRequest>, written?: Ledger) {
  const tags = written ? ledgerTags(written) : {};
  const seen = observation({ interfaces: [floating(ENI, A, { tags })] });
  const asked = request(given);
  const edit = ledgerEdit(asked, analyze(seen, asked, settings()), NOW);
  const after = readLedger([floating(ENI, A, { tags: { ...tags, ...edit?.tags } })], settings().statePrefix);
  return { edit, after: after.status === 'valid' ? after.ledger : undefined };
}

const keys = (tags: object = {}) => Object.keys(tags).map((key) => key.replace('eni-failover-state:', ''));

describe('pause', () => {
  it.each([
    [undefined, DEFAULT_PAUSE_MINUTES],
    [5, 5],
  ])('should last as long as was asked for (%s minutes)', (minutes, expected) => {
    const { after } = edited({ action: 'pause', ...(minutes !== undefined && { minutes }) }, ledger());
    expect(after?.pausedUntil).toBe(NOW + expected * MINUTE_MS);
  });

  it('should write no other key, so that an operation under way keeps its intent', () => {
    const { edit, after } = edited({ action: 'pause' }, moving());
    expect(keys(edit?.tags)).toEqual(['pause']);
    expect(after).toMatchObject({ phase: 'moving', operation: moving().operation });
  });

  it('should begin a ledger where there is none', () => {
    expect(edited({ action: 'pause' }).after).toMatchObject({
      phase: 'steady',
      holder: A,
      pausedUntil: NOW + DEFAULT_PAUSE_MINUTES * MINUTE_MS,
    });
  });
});

describe('resume', () => {
  it('should end the pause and write no other key', () => {
    const { edit, after } = edited({ action: 'resume' }, ledger({ pausedUntil: NOW + MINUTE_MS }));
    expect(keys(edit?.tags)).toEqual(['pause']);
    expect(after).toEqual(ledger());
  });
});

describe('acknowledge', () => {
  it('should forget the moves and the condition, and nothing else', () => {
    const before = ledger({ moves: [1], condition: { what: 'holder-impaired/cooldown', since: 1 }, pausedUntil: NOW });
    const { edit, after } = edited({ action: 'acknowledge' }, before);
    expect(keys(edit?.tags).sort()).toEqual(['condition', 'moves']);
    expect(after).toEqual(ledger({ pausedUntil: NOW }));
  });
});

describe('a request that looks at the group', () => {
  it.each(['failover', 'plan', 'status'] as const)('should edit nothing: %s', (action) => {
    expect(edited({ action }, ledger()).edit).toBeUndefined();
  });
});

describe('every edit', () => {
  it.each([
    ['pause', `Automation starts no new move until ${new Date(NOW + 5 * MINUTE_MS).toISOString()};`],
    ['resume', 'Automation may move the group again.'],
    ['acknowledge', 'The recent moves and the noted condition are acknowledged; the cooldown starts afresh.'],
  ] as const)('should carry its code and a sentence: %s', (action, sentence) => {
    const { edit } = edited({ action, ...(action === 'pause' && { minutes: 5 }) }, ledger());
    expect(edit?.code).toBe(action);
    expect(edit?.reason).toContain(sentence);
  });
});
