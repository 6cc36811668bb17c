import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Case } from '../../../cases/model.ts';
import { readCase, readCaseFile } from '../../../cases/read.ts';

type Document = Readonly<Record<string, unknown>>;

const PAIR: Document = {
  name: 'a pair',
  instances: { a: {}, b: { zone: 'b' } },
  interfaces: { eni: {} },
  expect: [{ threw: 0 }],
};

function read(changes: Document = {}): Case {
  const reading = readCase({ ...PAIR, ...changes });
  if ('faults' in reading) throw new Error(JSON.stringify(reading.faults));
  return reading.case;
}

/** What is wrong with the pair and these changes: `path sentence`. */
function faultsOf(changes: Document, pair = PAIR): readonly string[] {
  const reading = readCase({ ...pair, ...changes });
  return 'faults' in reading ? reading.faults.map(({ path: where, sentence }) => `${where} ${sentence}`) : [];
}

const at = (line: Document) => ({ timeline: [{ at: '1m', ...line }] });
const expecting = (...expect: readonly Document[]) => ({ expect });

describe('a case file', () => {
  it('should take what it leaves out as the format shows it', () => {
    const { instances, interfaces, untilMs, timeline, sweeps, alarms } = read({ instances: { a: null }, timeline: [] });
    expect(instances['a']).toMatchObject({
      type: 't3.small',
      zone: 'a',
      state: 'running',
      groups: 'web',
      interfaces: 1,
    });
    expect(interfaces['eni']).toMatchObject({ group: 'web', on: 'a', index: 1, card: 0, addresses: 1 });
    expect([untilMs, timeline, sweeps, alarms]).toEqual([600_000, [], undefined, []]);
  });

  it.each([
    ['0s', 0],
    ['90s', 90_000],
    ['5m', 300_000],
    ['1m30s', 90_000],
    ['500ms', 500],
    ['1.5s', 1_500],
  ])('should take %s as a moment', (moment, atMs) => {
    expect(read({ timeline: [{ at: moment, recover: { instance: 'a' } }] }).timeline[0]?.atMs).toBe(atMs);
  });

  it.each<[unknown]>([['5'], ['ten minutes'], ['-1m'], [''], [90], [null], ['1m 30s'], ['30s1m'], ['5min']])(
    'should not take %j as one',
    (moment) => {
      expect(faultsOf({ until: moment })).toEqual(['until must be a duration such as 90s, 5m or 1m30s']);
    },
  );

  it('should list every fault, each with its path', () => {
    const document = {
      title: 'a pair',
      instances: { a: { typ: 't3.small' }, 'b c': {}, any: { zone: 'eu-west-1a' } },
      interfaces: { eni: { on: 'd', index: -1 }, other: { on: 'c', tags: { of: '${e}' } } },
      sweeps: 'every 90s',
      timeline: [{ at: 'now', stop: { instance: 'a', by: 'me' } }, { stop: {}, start: { instance: 'b' } }, 'stop'],
      expect: [{ holder: { eni: 'a' } }, { end: 'a', by: '1m' }, { nothing: true }],
    };
    expect(faultsOf(document, {})).toEqual([
      'name is required',
      "sweeps must be 'none', or 'every' and whole minutes: every 1m",
      'title is not a known field',
      'instances.a.typ is not a known field',
      'instances.any.zone must be a letter, such as a',
      'interfaces.eni.index must be a whole number, at least 0',
      'timeline[0].stop.by must be one of user, aws, guest',
      'timeline[0].at must be a duration such as 90s, 5m or 1m30s',
      'timeline[1] must have one of stop and start, not all of them',
      'timeline[1].stop.instance is required',
      'timeline[1].at is required',
      'timeline[2] must be an object',
      'expect[0].by is required',
      'expect[1].end must be {interface: instance}',
      "expect[1].by only 'holder' has a moment",
      expect.stringMatching(/^expect\[2\]\.nothing is not a known field: one of holder, .*said is$/),
      'instances.b c must be named with letters, digits, _, . and -',
      "instances.any cannot have the name 'any', which means something else",
      'interfaces.other.tags.of has ${e}, which is neither an instance nor an interface nor a time such as ${now-5m}',
      "interfaces.eni.on is 'd', and there is no instance of that name",
      "interfaces.other.on is 'c', and there is no instance of that name",
    ]);
  });

  it.each<[Document, string]>([
    [at({ stop: { instance: 'c' } }), "timeline[0].stop.instance is 'c', and there is no instance of that name"],
    [at({ hand: { detach: 'a' } }), "timeline[0].hand.detach is 'a', and there is no interface of that name"],
    [
      at({ verdict: { interface: 'a' } }),
      "timeline[0].verdict.interface is 'a', and there is no interface of that name",
    ],
    [at({ verdict: { interface: 'eni', says: 'dead' } }), 'timeline[0].verdict.says must be one of unreachable, '],
    [
      at({ tag: { resource: 'c', key: 'k', value: 1 } }),
      "timeline[0].tag.resource is 'c', and there is no resource of that name",
    ],
    [at({ alarm: { name: 'x', state: 'OK' } }), "timeline[0].alarm.name is 'x', and there is no alarm of that name"],
    [
      at({ ec2: { action: 'Attach', then: 'deny' } }),
      "timeline[0].ec2.action is 'Attach', which is no action that the lab knows",
    ],
    [expecting({ end: { eni: 'c' } }), "expect[0].end.eni is 'c', and there is no instance of that name"],
    [expecting({ calls: { Attach: 1 } }), "expect[0].calls.Attach is 'Attach', which is no action that the lab knows"],
    [
      expecting({ answer: { as: 'x', where: { code: 1 } } }),
      "expect[0].answer.as is 'x', and there is no answer of that name",
    ],
    [expecting({ threw: '${c}' }), 'expect[0].threw must be a whole number, at least 0'],
    [
      at({ event: { source: 's', 'detail-type': 'd', detail: { at: '${now-5}' } } }),
      'timeline[0].event.detail.at has ${now-5}, which is neither',
    ],
    [{ interfaces: { a: {} } }, 'interfaces.a has the name of an instance'],
    [
      { deployment: { forceAfterSeconds: 'x' } },
      "deployment forceAfterSeconds must be a whole number from 0 to 600, not 'x'.",
    ],
    [{ deployment: { nonsense: 1 } }, "deployment There is no parameter 'nonsense'."],
  ])('should refuse a name nobody has: %j', (changes, fault) => {
    const faults = faultsOf(changes);
    expect(faults.some((each) => each.startsWith(fault))).toBe(true);
  });

  it.each<[Document, string]>([
    [{ interfaces: { eni: { zone: 'b' } } }, 'interfaces.eni.zone is b, and a is in zone a'],
    [{ interfaces: { eni: {}, eni2: {} } }, 'interfaces.eni2.index is 1, where eni is attached to a'],
    [{ interfaces: { eni: { index: 0 } } }, 'interfaces.eni.index is 0: that is the primary interface of a'],
    [{ interfaces: { eni: { index: 3 } } }, 'interfaces.eni.index is 3; a t3.small takes 0 to 2'],
    [{ interfaces: { eni: { card: 1 } } }, 'interfaces.eni.card is 1; a t3.small has 1, from 0'],
    [{ interfaces: { eni: { addresses: 5 } } }, 'interfaces.eni.addresses is 5; a t3.small takes 4'],
    [
      { interfaces: { eni: { on: null, status: 'attaching' } } },
      'interfaces.eni.status cannot be attaching: it is attached to nothing',
    ],
    [{ instances: { a: { interfaces: 3 } } }, 'instances.a would have 4 interfaces; a t3.small takes 3'],
    [
      { instances: { a: { type: 'x1.tiny' } } },
      "instances.a.type is 'x1.tiny', which is no instance type that is known",
    ],
    [{ instances: { a: { tagless: true, tags: { k: 'v' } } } }, 'instances.a.tags cannot be there: it is tagless'],
    [
      { sweeps: 'none', deployment: { sweepRate: 'rate(2 minutes)' } },
      "sweeps cannot be given together with the parameter sweepRate 'rate(2 minutes)'",
    ],
    [{ until: '30s', ...at({ recover: { instance: 'a' } }) }, 'timeline[0].at is after the end of the case'],
    [at({ recover: { instance: 'a' }, as: 'mine' }), 'timeline[0].as only a request has an answer'],
    [at({ ec2: { action: 'CreateTags', then: 'refuse' } }), "timeline[0].ec2.code is required with 'then: refuse'"],
    [
      at({ ec2: { action: 'CreateTags', then: 'deny', code: 'X' } }),
      "timeline[0].ec2.code means nothing with 'then: deny'",
    ],
    [at({ ec2: { action: 'CreateTags', then: 'slow' } }), "timeline[0].ec2.seconds is required with 'then: slow'"],
    [
      at({ ec2: { action: 'CreateTags', then: 'stuck' } }),
      'timeline[0].ec2.then cannot be stuck: CreateTags begins no transition',
    ],
    [
      at({ ec2: { action: 'CreateTags', then: 'deny', until: '1m' } }),
      'timeline[0].ec2.until is not after the moment of the line',
    ],
    [expecting({ never: { eni: 'a' } }), 'expect[0].never.eni begins on a'],
    [expecting({ stays: { eni: 'b' } }), 'expect[0].stays.eni does not begin on b'],
    [expecting({ stays: { eni: 'a' } }, { end: { eni: 'b' } }), 'expect[1] contradicts expect[0] about eni'],
    [
      expecting({ never: { eni: 'b' } }, { holder: { eni: 'b' }, by: '1m' }),
      'expect[1] contradicts expect[0] about eni',
    ],
    [expecting({ end: { eni: 'a' } }, { end: { eni: 'b' } }), 'expect[1] contradicts expect[0] about eni'],
    [expecting({ holder: { eni: 'a' }, by: '11m' }), 'expect[0].by is after the end of the case'],
    [{ expect: [] }, 'expect must have at least one entry'],
  ])('should refuse what cannot be: %j', (changes, fault) => {
    expect(faultsOf(changes)).toEqual([fault]);
  });

  it('should see a contradiction in what has an unknown field, too', () => {
    const changes = { instances: { a: { zone: 'b', colour: 'red' } }, interfaces: { eni: { zone: 'a' } } };
    expect(faultsOf(changes)).toEqual([
      'instances.a.colour is not a known field',
      'interfaces.eni.zone is a, and a is in zone b',
    ]);
  });

  it('should let expectations stand together that one history can meet', () => {
    const both = expecting(
      { holder: { eni: 'a' }, by: '1m' },
      { holder: { eni: 'b' }, by: '2m' },
      { end: { eni: 'any' } },
      { end: { eni: 'b' } },
    );
    expect(faultsOf(both)).toEqual([]);
  });

  it.each(['{', 'name: a\nname: b', '- 1\n-2: a: b'])('should say what is no YAML at all: %j', (text) => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'case-')), 'wrong.yml');
    writeFileSync(file, text);
    const reading = readCaseFile(file);
    expect('faults' in reading && reading.faults.length > 0).toBe(true);
  });

  it.each<[unknown]>([[[]], ['text'], [null]])('should be an object, not %j', (document) => {
    const reading = readCase(document);
    expect('faults' in reading && reading.faults[0]).toEqual({ path: '', sentence: 'must be an object' });
  });
});
