import { analyze } from '../../../lib/core/analyze.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import type { Observation } from '../../../lib/core/model.ts';
import {
  A,
  alarmTrigger,
  attachment,
  B,
  ENI,
  ENI2,
  floating,
  inAlarm,
  intent,
  ledger,
  ledgerTags,
  member,
  moving,
  NOW,
  observation,
  settings,
  SWEEP,
} from '../../support/observation.ts';

const look = (given: Partial<Observation>) => analyze(observation(given), SWEEP, settings());
const analysisOf = (given: Partial<Observation>) => look(given).analysis;
const tags = ledgerTags(moving());

describe('what is named first', () => {
  it('should be what makes the group impossible to move, before an operation', () => {
    const interfaces = [floating(ENI, attachment(ENI, A, { deviceIndex: 0 }), { tags })];
    expect(analysisOf({ interfaces })).toBe('interface-primary');
  });

  it('should be a stranger who holds it, before an operation', () => {
    expect(analysisOf({ interfaces: [floating(ENI, A, { tags })], members: [member(B)] })).toBe('holder-not-member');
  });

  it('should be the operation that explains a split', () => {
    const split = (own: object) => [floating(ENI, A, own), floating(ENI2, B, own)];
    expect(analysisOf({ interfaces: split({ tags }) })).toBe('operation-interrupted');
    expect(analysisOf({ interfaces: split({}) })).toBe('group-split');
  });

  it('should be that nobody holds it, before that everybody is stopped', () => {
    const members = [member(A, { state: 'stopped' }), member(B, { state: 'stopped' })];
    expect(analysisOf({ interfaces: [floating(ENI)], members })).toBe('interface-unattached');
  });

  it('should be the Spot notice of a holder that has not failed yet', () => {
    const spot = { kind: 'spot-interruption', instanceId: A } as const;
    expect(analyze(observation(), spot, settings()).analysis).toBe('holder-leaving');
    expect(analyze(observation({ alarms: inAlarm(A) }), spot, settings()).analysis).toBe('holder-impaired');
    expect(analyze(observation(), { ...spot, instanceId: B }, settings()).analysis).toBe('holder-healthy');
  });
});

describe('an interface on an EFA or another card', () => {
  it('should not be taken for a primary one for its index 0 on another card', () => {
    const interfaces = [floating(ENI, attachment(ENI, A, { deviceIndex: 0, networkCardIndex: 1 }))];
    expect(analysisOf({ interfaces })).toBe('holder-healthy');
  });
});

describe('a parked group', () => {
  it.each([
    [['stopped', 'stopped'], 'group-parked'],
    [['stopping', 'stopped'], 'group-parked'],
    [['stopped', 'terminated'], 'holder-stopped'],
    [['stopped', 'pending'], 'holder-stopped'],
  ] as const)('should have nobody that was not stopped: %j', ([a, b], analysis) => {
    expect(analysisOf({ members: [member(A, { state: a }), member(B, { state: b })] })).toBe(analysis);
  });
});

describe('the holder', () => {
  it('should be who holds the anchor, else who holds another interface', () => {
    expect(look({ interfaces: [floating(ENI, B), floating(ENI2, A)] }).holderId).toBe(B);
    expect(look({ interfaces: [floating(ENI), floating(ENI2, A)] }).holderId).toBe(A);
    expect(look({ interfaces: [floating(ENI)] }).holderId).toBeUndefined();
  });
});

describe('the warnings', () => {
  it('should name everything that has to be put right', () => {
    const bad = { 'eni-failover:cooldown': 'x', 'eni-failover-state:version': '9' };
    const interfaces = [floating(ENI, attachment(ENI, A, { deleteOnTermination: true }), { tags: bad })];
    const members = [member(A), member(B, { tags: { 'eni-failover:priority': 'x' } })];
    const { warnings } = look({ interfaces, members });
    expect(warnings).toEqual([
      expect.stringContaining('eni-failover:cooldown'),
      expect.stringContaining("version '9'"),
      expect.stringContaining('DeleteOnTermination'),
      expect.stringContaining('eni-failover:priority'),
    ]);
  });

  it('should be none for a group that is well', () => {
    expect(analyze(observation(), alarmTrigger(A), settings()).warnings).toEqual([]);
  });
});

describe('the ledger of a run that has just written it', () => {
  const before = ledger({ changedAt: NOW - 1_000, epoch: 1 });
  const seenWith = (wrote: Ledger | undefined, written: object = ledgerTags(before)) =>
    look({
      interfaces: [floating(ENI, A, { tags: { ...written } })],
      experience: { runId: 'run-1', refused: {}, ...(wrote && { wrote }) },
    });

  it('should count for more than a read that shows an older one, or none, or one nobody can read', () => {
    const wrote = ledger({ changedAt: NOW, epoch: 2 });
    for (const tags of [ledgerTags(before), {}, { ...ledgerTags(before), 'eni-failover-state:epoch': 'many' }]) {
      const { ledger: known, ledgerReading } = seenWith(wrote, tags);
      expect(known).toEqual(wrote);
      expect(ledgerReading).toEqual({ status: 'valid', ledger: wrote, missingOn: [] });
    }
  });

  it('should count for less than a read that shows the same one or a newer one', () => {
    for (const changedAt of [NOW - 1_000, NOW - 2_000]) {
      expect(seenWith(ledger({ changedAt, epoch: 2 })).ledger?.epoch).toBe(1);
    }
    expect(seenWith(undefined).ledger?.epoch).toBe(1);
  });
});

describe('the time since which a holder is impaired', () => {
  const since = (what: string) =>
    look({ interfaces: [floating(ENI, A, { tags: ledgerTags(ledger({ condition: { what, since: 7 } })) })] })
      .impairedSince;

  it('should be the noted one only when that is what was noted', () => {
    expect(since('holder-impaired/paused')).toBe(7);
    expect(since('interface-unattached/paused')).toBeUndefined();
    expect(since('holder-impaired-not/paused')).toBeUndefined();
  });
});

describe('the last operation', () => {
  const failed = ledger({ phase: 'failed', operation: intent() });
  const at = (first: string | undefined, second: string | undefined, written = failed) =>
    analysisOf({
      interfaces: [
        floating(ENI, first, { tags: ledgerTags(written) }),
        floating(ENI2, second && attachment(ENI2, second, { deviceIndex: 2 }), { tags: ledgerTags(written) }),
      ],
    });

  it('should be open while it is failed and the group is not whole', () => {
    expect(at(A, undefined)).toBe('operation-interrupted');
    expect(at(A, B)).toBe('operation-interrupted');
    expect(at(A, A)).toBe('holder-healthy');
  });

  it('should be history when it ended well, whatever became of the group', () => {
    const ended = ledger({ operation: intent() });
    expect(at(A, undefined, ended)).toBe('interface-unattached');
    expect(at(A, B, ended)).toBe('group-split');
  });
});

describe('the sentence', () => {
  it('should be right for one loose interface and for two', () => {
    const one = [floating(ENI, A), floating(ENI2)];
    expect(look({ interfaces: one }).summary).toBe(`${ENI2} is not attached to any instance.`);
    const two = [floating(ENI), floating(ENI2)];
    expect(look({ interfaces: two }).summary).toBe(`${ENI} and ${ENI2} are not attached to any instance.`);
  });

  it('should name every zone the standbys are in', () => {
    const members = [member(A), member(B, { zone: 'us-east-1b' }), member('i-cccccccc', { zone: 'us-east-1c' })];
    expect(look({ members }).summary).toContain('every standby is in us-east-1b and us-east-1c;');
  });
});

describe('a healthy holder', () => {
  it('should be leaving for a Spot notice only', () => {
    const state = { kind: 'instance-state', instanceId: A, state: 'stopping' } as const;
    expect(analyze(observation(), state, settings()).analysis).toBe('holder-healthy');
  });
});
