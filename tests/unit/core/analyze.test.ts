import { analyze } from '../../../lib/core/analyze.ts';
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
  ledgerTags,
  member,
  moving,
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
