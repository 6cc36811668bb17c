import { judge } from '../../../cases/judge.ts';
import type { Place, Played } from '../../../cases/play.ts';
import { readCase } from '../../../cases/read.ts';

type Document = Readonly<Record<string, unknown>>;
type Where = readonly [fromSeconds: number, instance?: string, status?: 'attaching' | 'attached' | 'detaching'];

const ids = new Map([
  ['a', 'i-0a'],
  ['b', 'i-0b'],
  ['other', 'i-0c'],
  ['eni', 'eni-01'],
  ['eni2', 'eni-02'],
]);

const onA: readonly Where[] = [[0, 'a']];
/** Detached at 60 s, loose from 63 s, on b at 65 s. */
const moved: readonly Where[] = [[0, 'a'], [60, 'a', 'detaching'], [63], [64, 'b', 'attaching'], [65, 'b']];

function placesOf(history: readonly Where[]): readonly Place[] {
  return history.map(([seconds, instance, status = 'attached']) => ({
    fromMs: seconds * 1_000,
    attachment: instance === undefined ? undefined : { instanceId: ids.get(instance) ?? '', status },
  }));
}

/** What the judge says of a history of two minutes. */
function judged(expected: Document, history: readonly Where[] = onA, more: Partial<Played> = {}): readonly string[] {
  const reading = readCase({
    name: 'judged',
    instances: { a: {}, b: {}, other: { groups: 'db' } },
    interfaces: { eni: {}, eni2: { index: 2 } },
    timeline: [{ at: '1s', invoke: { action: 'status' }, as: 'mine' }],
    until: '2m',
    expect: [expected],
  });
  if ('faults' in reading) throw new Error(JSON.stringify(reading.faults));
  const places = new Map([
    ['eni', placesOf(history)],
    ['eni2', placesOf(onA)],
  ]);
  const nothing = { alarms: [], calls: [], invocations: [], records: [], answers: {}, queued: 0, timeline: [] };
  return judge(reading.case, { startMs: 0, ids, places, ...nothing, ...more });
}

describe('the judge of a case', () => {
  it.each<[Document, readonly Where[]]>([
    [
      { holder: { eni: 'a' }, by: '60s' },
      [
        [0, 'a'],
        [61, 'a', 'detaching'],
      ],
    ],
    [{ holder: { eni: 'b' }, by: '65s' }, moved],
    [{ holder: { eni: 'any' }, by: '65s' }, moved],
    [{ end: { eni: 'b', eni2: 'a' } }, moved],
    [{ end: { eni: null } }, [[0, 'a'], [60]]],
    [{ never: { eni: 'b' } }, onA],
    [{ stays: { eni: 'a' } }, onA],
    [{ looseAtMost: '2s' }, [[0, 'a'], [60], [61, 'b'], [70], [71, 'b']]],
  ])('should be content with %j', (expected, history) => {
    expect(judged(expected, history)).toEqual([]);
  });

  it.each<[Document, readonly Where[], string]>([
    [{ holder: { eni: 'b' }, by: '64.999s' }, moved, 'eni on b at 1m4.999s, was attaching on b'],
    [{ holder: { eni: 'b' }, by: '63s' }, moved, 'eni on b at 1m3s, was on nobody'],
    [{ holder: { eni: 'any' }, by: '1m' }, [[0, 'other']], 'eni on some member at 1m, was on other'],
    [{ end: { eni: 'a' } }, moved, 'eni on a at the end, was on b'],
    [{ end: { eni: null } }, moved, 'eni on nobody at the end, was on b'],
    [
      { never: { eni: 'b' } },
      [[0, 'a'], [60], [64, 'b', 'attaching'], [66]],
      'eni never on b, was attaching on b at 1m4s',
    ],
    [
      { stays: { eni: 'a' } },
      [
        [0, 'a'],
        [60, 'a', 'detaching'],
        [62, 'a'],
      ],
      'eni stays on a, was detaching on a at 1m',
    ],
    [{ looseAtMost: '1999ms' }, [[0, 'a'], [60], [61, 'b'], [70], [71, 'b']], 'loose for at most 1.999s, was 2s'],
  ])('should say of %j what was expected and what was', (expected, history, fault) => {
    expect(judged(expected, history)).toEqual([fault]);
  });

  it('should count a moment once at which two interfaces were loose', () => {
    const places = new Map([
      ['eni', placesOf([[0, 'a'], [10], [20, 'b']])],
      ['eni2', placesOf([[0, 'a'], [15], [25, 'b']])],
    ]);
    expect(judged({ looseAtMost: '15s' }, onA, { places })).toEqual([]);
    expect(judged({ looseAtMost: '14s' }, onA, { places })).toEqual(['loose for at most 14s, was 15s']);
  });

  it('should count calls, accepted and refused, and no dry runs', () => {
    const call = (input: object = {}) => ({
      action: 'AttachNetworkInterface',
      input: input as Record<string, unknown>,
    });
    const calls = [call(), call(), call({ DryRun: true })];
    expect(judged({ calls: { AttachNetworkInterface: 2 } }, onA, { calls })).toEqual([]);
    expect(judged({ calls: { AttachNetworkInterface: 1 } }, onA, { calls })).toEqual([
      'at most 1 AttachNetworkInterface, was 2',
    ]);
  });

  it('should compare what an answer says at a path, ids filled in', () => {
    const answers = { mine: { groups: [{ code: 'status', operation: { to: 'i-0b' } }] } };
    const where = { 'groups[0].code': 'status', 'groups[0].operation.to': '${b}' };
    expect(judged({ answer: { as: 'mine', where } }, onA, { answers })).toEqual([]);
    expect(judged({ answer: { as: 'mine', where: { 'groups[1].code': 'status' } } }, onA, { answers })).toEqual([
      'mine: groups[1].code = "status", was nothing',
    ]);
    expect(judged({ answer: { as: 'mine', where } })).toEqual(['an answer to mine, was none before the end']);
  });

  it('should count errors and messages', () => {
    const failed = { outcome: { ok: false, errorType: 'Boom', errorMessage: 'it broke' } as const };
    const invocations = [failed, { outcome: { ok: true, payload: {} } as const }, failed, {}];
    expect(judged({ threw: 2 }, onA, { invocations })).toEqual([]);
    expect(judged({ threw: 1 }, onA, { invocations })).toEqual(['at most 1 threw, was 2: Boom: it broke']);
    expect(judged({ queued: 1 }, onA, { queued: 1 })).toEqual([]);
    expect(judged({ queued: 0 }, onA, { queued: 1 })).toEqual(['at most 0 queued, was 1']);
  });

  it.each<[Partial<Played>]>([
    [{ invocations: [{ outcome: { ok: true, payload: { groups: [{ rejected: [{ code: 'no-candidate' }] }] } } }] }],
    [{ records: [{ code: 'no-candidate' }] }],
  ])('should find a code wherever a run gave it: %j', (more) => {
    expect(judged({ said: 'no-candidate' }, onA, more)).toEqual([]);
  });

  it('should not find a code in a sentence, and say which were given', () => {
    const records = [{ code: 'failover', reason: 'no-candidate was not it' }];
    expect(judged({ said: 'no-candidate' }, onA, { records })).toEqual(['said no-candidate, was failover']);
    expect(judged({ said: 'no-candidate' })).toEqual(['said no-candidate, was nothing']);
  });
});
