import type { RejectionCode } from '../../../lib/core/codes.ts';
import type { Signal } from '../../../lib/core/model.ts';
import {
  doubts,
  type Health,
  healthOfHolder,
  healthOfStandby,
  type HealthCode,
  isLost,
  isOnlyImpaired,
  type Verdict,
} from '../../../lib/core/signals.ts';
import { A, B } from '../../support/observation.ts';

type Told = Verdict | 'nothing';
type Row = readonly [on: string, code: HealthCode, holder: Told, standby: Told, rejects?: RejectionCode];

/** What each signal means for the holder and for a standby, and why a standby is rejected; the first one counts. */
const ROWS: readonly Row[] = [
  ['assumption/failed', 'assumed', 'failed', 'nothing'],
  ['state/gone', 'gone', 'failed', 'failed', 'not-running'],
  ['state/stopped', 'stopped', 'failed', 'failed', 'not-running'],
  ['state/pending', 'pending', 'unknown', 'unknown', 'not-running'],
  ['alarm/raised', 'own-alarm', 'failed', 'failed', 'own-alarm'],
  ['status/impaired', 'impaired', 'failed', 'failed', 'impaired'],
  ['probe/unreachable', 'holder-unreachable', 'failed', 'failed', 'unreachable'],
  ['probe/not-serving', 'holder-not-serving', 'failed', 'nothing'],
  ['notice/leaving', 'leaving', 'leaving', 'leaving', 'spot-interruption'],
  ['notice/noted', 'leaving', 'nothing', 'leaving', 'spot-interruption'],
  ['alarm/muted', 'alarm-muted', 'nothing', 'unknown', 'muted-alarm'],
  ['status/unreadable', 'health-unknown', 'unknown', 'unknown', 'health-unknown'],
  ['status/initializing', 'initializing', 'unknown', 'unknown', 'initializing'],
  ['status/insufficient-data', 'health-unknown', 'unknown', 'unknown', 'health-unknown'],
  ['alarm/unreadable', 'alarms-unreadable', 'unknown', 'unknown'],
  ['alarm/unconfirmed', 'alarms-unreadable', 'unknown', 'unknown', 'muted-alarm'],
  ['status/ok', 'healthy', 'healthy', 'healthy'],
  ['status/suppressed', 'healthy', 'nothing', 'nothing'],
  ['schedule/due', 'healthy', 'nothing', 'nothing'],
  ['probe/answers', 'healthy', 'nothing', 'nothing'],
  ['probe/unknown', 'healthy', 'nothing', 'nothing'],
  ['probe/silent', 'healthy', 'nothing', 'nothing'],
  ['probe/fails', 'healthy', 'nothing', 'nothing'],
];

const NAMED = ROWS.map((row) => [row[0], row] as const);

/** One signal of a kind, whose words are its kind, so that it can be told which one was heard. */
function signal(on: string, given: Partial<Signal> = {}): Signal {
  const [source, verdict] = on.split('/') as [Signal['source'], string];
  return { instanceId: A, source, verdict, because: `shows ${on}`, ...given };
}

const UNTOLD: Health = {
  verdict: 'unknown',
  code: 'health-unknown',
  because: 'has status checks that could not be read',
};

const healthFrom = ([on, code]: Row, told: Told): Health =>
  told === 'nothing' ? UNTOLD : { verdict: told, code, because: `shows ${on}` };

describe('the health of whoever holds the interface', () => {
  it.each(NAMED)('should follow from %s', (_, row) => {
    expect(healthOfHolder(A, [signal(row[0])])).toEqual(healthFrom(row, row[2]));
  });
});

describe('the health of a standby', () => {
  it.each(NAMED)('should follow from %s', (_, row) => {
    const [on, , , standby, rejects] = row;
    const expected = { health: healthFrom(row, standby), rejects: standby === 'nothing' ? 'health-unknown' : rejects };
    expect(healthOfStandby(A, [signal(on)])).toEqual(expected);
  });
});

describe.each(ROWS.map((row, at) => [row[0], row, ROWS.slice(at + 1)] as const))(
  'of several signals, %s',
  (on, row, weaker) => {
    const heard = (other: Row, column: 2 | 3) => (row[column] === 'nothing' ? other : row);
    const both = (other: Row) => [
      [signal(on), signal(other[0])],
      [signal(other[0]), signal(on)],
    ];

    it('should count before every weaker one for the holder, unless it says nothing of it', () => {
      for (const other of weaker) {
        const counts = heard(other, 2);
        for (const signals of both(other)) expect(healthOfHolder(A, signals)).toEqual(healthFrom(counts, counts[2]));
      }
    });

    it('should count before every weaker one for a standby, unless it says nothing of it', () => {
      for (const other of weaker) {
        const counts = heard(other, 3);
        const expected = healthFrom(counts, counts[3]);
        for (const signals of both(other)) expect(healthOfStandby(A, signals).health).toEqual(expected);
      }
    });
  },
);

describe('the health of an instance', () => {
  it('should not follow from what is said of another', () => {
    const others = [signal('state/gone', { instanceId: B }), signal('status/ok')];
    expect(healthOfHolder(A, others).code).toBe('healthy');
    expect(healthOfStandby(A, others).rejects).toBeUndefined();
  });

  it('should be unknown, and rejected as that, when nothing was read at all', () => {
    for (const signals of [[], [signal('status/ok', { instanceId: B })]]) {
      expect(healthOfHolder(A, signals)).toEqual(UNTOLD);
      expect(healthOfStandby(A, signals)).toEqual({ health: UNTOLD, rejects: 'health-unknown' });
    }
  });

  it('should be unknown when only a word was read that the table does not have', () => {
    expect(healthOfHolder(A, [signal('status/melting'), signal('alarm/ok')])).toEqual(UNTOLD);
  });

  it('should say since when, if the signal says it, though that be the beginning of time', () => {
    for (const since of [0, 1_787_220_000_000]) {
      const signals = [signal('status/impaired', { since })];
      expect(healthOfHolder(A, signals).since).toBe(since);
      expect(healthOfStandby(A, signals).health.since).toBe(since);
    }
    expect(healthOfHolder(A, [signal('status/impaired')])).not.toHaveProperty('since');
  });

  it('should be told in the words of the first of several signals of a kind', () => {
    const signals = [
      signal('alarm/raised', { because: 'has one alarm' }),
      signal('alarm/raised', { because: 'has another' }),
    ];
    expect(healthOfHolder(A, signals).because).toBe('has one alarm');
  });
});

describe('a holder that is lost', () => {
  it.each<[Verdict, boolean]>([
    ['failed', true],
    ['leaving', true],
    ['unknown', false],
    ['healthy', false],
  ])('should be one that is %s: %s', (verdict, lost) => {
    expect(isLost({ verdict, code: 'healthy', because: 'is' })).toBe(lost);
  });

  it('should not be one that is not there', () => {
    expect(isLost(undefined)).toBe(false);
  });
});

describe('a holder that is only impaired', () => {
  it.each<[signals: readonly string[], only: boolean]>([
    [['status/impaired'], true],
    [['status/impaired', 'status/impaired'], true],
    [['status/impaired', 'status/unreadable'], true],
    [['status/impaired', 'status/suppressed', 'schedule/due'], true],
    [['status/impaired', 'alarm/unreadable'], true],
    [['status/impaired', 'alarm/muted'], true],
    [['status/impaired', 'alarm/raised'], false],
    [['status/impaired', 'notice/leaving'], false],
    [['status/impaired', 'assumption/failed'], false],
    [['status/impaired', 'state/stopped'], false],
    [['alarm/raised'], false],
    [['notice/leaving'], false],
    [['status/ok'], false],
    [['status/unreadable'], false],
    [['alarm/impaired', 'state/stopped'], false],
    [[], false],
  ])('should have nothing else against it: %j, %s', (on, only) => {
    expect(
      isOnlyImpaired(
        A,
        on.map((each) => signal(each)),
      ),
    ).toBe(only);
  });

  it('should not be made one, nor kept from it, by what is said of another', () => {
    const other = signal('alarm/raised', { instanceId: B });
    expect(isOnlyImpaired(A, [signal('status/impaired'), other])).toBe(true);
    expect(isOnlyImpaired(A, [signal('status/ok'), signal('status/impaired', { instanceId: B })])).toBe(false);
  });
});

describe('the doubts about a candidate', () => {
  const said = [
    signal('status/ok'),
    signal('status/suppressed'),
    signal('status/suppressed'),
    signal('schedule/due'),
    signal('schedule/due', { instanceId: B }),
    signal('status/suppressed', { instanceId: B }),
    signal('alarm/unreadable'),
  ];

  it.each([
    ['status', A, 2],
    ['status', B, 1],
    ['schedule', A, 1],
    ['schedule', B, 1],
    ['alarm', A, 1],
    ['alarm', B, 0],
    ['notice', A, 0],
  ] as const)('should be counted by their source: %s of %s, %i', (source, instanceId, count) => {
    expect(doubts(instanceId, said, source)).toBe(count);
  });
});
