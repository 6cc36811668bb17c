import {
  A,
  alarmTrigger,
  checks,
  decided,
  instanceCheck,
  ledger,
  member,
  NOW,
  SWEEP,
} from '../../support/observation.ts';
import { recorded } from '../../support/words.ts';

const LAUNCHED = NOW - 3 * 3_600_000;
const SENTENCE = `The holder ${A} was launched 2026-08-20T07:00:00.000Z, and its status checks initialize anew: it was rebooted, or EC2 is about to call it impaired.`;
const NOTED = { condition: { what: 'holder-unknown/holder-unknown', since: NOW - 60_000 } };

const seen = (status: 'ok' | 'initializing' | 'insufficient-data', launchedAt = LAUNCHED) => ({
  members: [member(A, { launchedAt }), member('i-bbbbbbbb')],
  checks: { [A]: instanceCheck(status) },
});

describe('a holder that has run for long and whose checks initialize', () => {
  it('should be told of once, and not be left', () => {
    const first = decided(SWEEP, recorded(ledger(), seen('initializing')));
    expect(first).toMatchObject({ kind: 'no-action', code: 'holder-unknown' });
    expect(first.write?.news).toEqual([SENTENCE]);
    const again = decided(SWEEP, recorded(ledger(NOTED), seen('initializing')));
    expect(again.write).toBeUndefined();
  });

  it('should be told of again when that is over', () => {
    const over = decided(SWEEP, recorded(ledger(NOTED), seen('ok')));
    expect(over.write?.news).toEqual([over.reason]);
    expect(over.write?.condition).toBeUndefined();
  });

  it('should be told of by an event, too', () => {
    expect(decided(alarmTrigger(A), recorded(ledger(), seen('initializing'))).write?.news).toEqual([SENTENCE]);
  });

  it.each([
    ['has just been launched', seen('initializing', NOW - 599_000)],
    ['has too little data', seen('insufficient-data')],
    ['is well', { ...seen('ok'), checks: { [A]: checks() } }],
  ])('should be no news where it %s', (_, given) => {
    expect(decided(SWEEP, recorded(ledger(), given)).write).toBeUndefined();
  });
});
