import { Random } from '../../lab/random.ts';

/** A case document, as a case file has it (docs/cases.md). */
export interface Document {
  name: string;
  readonly source: string;
  readonly instances: Record<string, Record<string, unknown>>;
  readonly interfaces: Record<string, Record<string, unknown>>;
  readonly timeline: Line[];
  readonly until: string;
  expect: object[];
}

type Line = { readonly at: string } & Readonly<Record<string, unknown>>;

export interface Pair {
  readonly document: Document;
  /** The members that nothing happens to, and that take every attach: one of them has the interfaces in the end. */
  readonly fit: readonly string[];
  /** Those, and what may yet hang in its own detach: there they may end as well. */
  readonly fine: readonly string[];
}

/** What is being drawn: a small world, and whom something keeps from taking the interfaces. */
interface Draft {
  readonly random: Random;
  readonly members: readonly string[];
  readonly document: Document;
  readonly unfit: Set<string>;
  readonly unsure: Set<string>;
}

const [ATTACH, DETACH] = ['AttachNetworkInterface', 'DetachNetworkInterface'];
const INCIDENTS_BEGIN_S = 300;

function inject({ document }: Draft, fault: Readonly<Record<string, unknown>>, atS = 0): void {
  document.timeline.push({ at: `${atS}s`, ec2: fault });
}

/** For so many calls about one standby; `always` means that it never takes anything. */
function onStandby(
  draft: Draft,
  fault: Readonly<Record<string, unknown>>,
  times: readonly (number | 'always')[],
): void {
  const { random, members, unfit } = draft;
  const [instance, often] = [random.pick(members.slice(1)), random.pick(times)];
  if (often === 'always') unfit.add(instance);
  inject(draft, { action: ATTACH, instance, ...fault, times: often });
}

const refusal = (codes: readonly string[], random: Random, status: number) =>
  ({ then: 'refuse', code: random.pick(codes), message: 'no', status }) as const;
const DECLINES = ['AttachmentLimitExceeded', 'UnsupportedOperation', 'InvalidParameterCombination'];
const SERVER_ERRORS = ['InternalError', 'ServiceUnavailable', 'Unavailable', 'WeirdNewCode'];
const BETWEEN_STATES = ['IncorrectState', 'IncorrectInstanceState'];

/** What is wrong from the start, by name. */
const STANDING: Readonly<Record<string, (draft: Draft) => void>> = {
  nothing: () => undefined,
  'tags-denied': (d) => inject(d, { action: 'CreateTags', then: 'deny', times: 'always' }),
  'tags-throttled': (d) => inject(d, { action: 'CreateTags', then: 'throttle', times: d.random.pick([3, 10, 40]) }),
  'tags-full': (d) => {
    Object.assign(d.document.interfaces['eni'] ?? {}, { fillTags: d.random.pick([40, 44, 46, 47, 48, 49]) });
  },
  'attach-hangs': (d) => onStandby(d, { then: 'stuck' }, [1, 2, 'always']),
  'attach-comes-undone': (d) => onStandby(d, { then: 'revert' }, [1, 2, 'always']),
  'attach-declined': (d) => onStandby(d, refusal(DECLINES, d.random, 400), [1, 2, 'always']),
  'attach-fails': (d) => onStandby(d, refusal(SERVER_ERRORS, d.random, 500), [2, 5, 'always']),
  'attach-between-states': (d) => onStandby(d, refusal(BETWEEN_STATES, d.random, 400), [1, 3]),
  'attach-denied': (d) => onStandby(d, { then: 'deny' }, ['always']),
  'attaches-throttled': (d) => inject(d, { action: ATTACH, then: 'throttle', times: d.random.pick([2, 8]) }),
  'detaches-throttled': (d) => inject(d, { action: DETACH, then: 'throttle', times: d.random.pick([2, 8]) }),
  // What hangs there, and what only force would end, may be left to hang.
  'detach-hangs': (d) => {
    d.unsure.add('a');
    inject(d, { action: DETACH, instance: 'a', then: 'stuck', times: 1 });
  },
  'detach-slow': (d) => inject(d, { action: DETACH, then: 'slow', seconds: d.random.pick([5, 30]), times: 2 }),
  'detach-fails': (d) =>
    inject(d, { action: DETACH, ...refusal(SERVER_ERRORS, d.random, 500), times: d.random.pick([2, 5]) }),
  'replies-lost': (d) => {
    inject(d, { action: d.random.pick([ATTACH, DETACH]), then: 'lost', times: d.random.pick([1, 'always']) });
  },
  'checks-unread': (d) => {
    const then = d.random.pick([{ then: 'throttle' }, refusal(['InternalError'], d.random, 500)]);
    inject(d, { action: 'DescribeInstanceStatus', ...then, times: 'always', until: `${d.random.int(60, 1_200)}s` });
  },
  'types-unread': (d) => inject(d, { action: 'DescribeInstanceTypes', then: 'throttle', times: 'always' }),
  'alarms-unread': (d) =>
    inject(d, { action: 'DescribeAlarms', then: d.random.pick(['throttle', 'deny']), times: 'always' }),
  'lists-slow': (d) => {
    const action = d.random.pick(['DescribeInstances', 'DescribeNetworkInterfaces']);
    inject(d, { action, then: 'slow', seconds: d.random.pick([4, 8]), times: 'always' });
  },
  'denied-for-minutes': (d) => {
    const action = d.random.pick([ATTACH, DETACH, 'DescribeInstances', 'DescribeNetworkInterfaces']);
    inject(d, { action, then: 'deny', times: 'always', until: '420s' }, 290);
  },
};

/** What happens to a member, or is done by a person; whether the member is fit afterwards is not counted on. */
const INCIDENTS: Readonly<
  Record<string, (draft: Draft, member: string, atS: number, nth: number) => Record<string, unknown>>
> = {
  fail: ({ random }, instance) => ({ fail: { instance, check: random.pick(['instance', 'system']) } }),
  stop: ({ random }, instance) => ({ stop: { instance, by: random.pick(['user', 'aws', 'guest']) } }),
  terminate: ({ random }, instance) => ({ terminate: { instance, by: random.pick(['user', 'aws']) } }),
  spot: ({ document }, instance, atS) => {
    document.timeline.push({ at: `${atS + 120}s`, terminate: { instance, by: 'aws' } });
    return { spot: { instance } };
  },
  reboot: (_, instance) => ({ reboot: { instance } }),
  request: ({ random, members }, _, __, nth) => {
    const to = `\${${random.pick(members.slice(1))}}`;
    return { invoke: { action: 'failover', group: 'web', to }, as: `answer${nth}` };
  },
  pause: (_, __, ___, nth) => ({ invoke: { action: 'pause', group: 'web', minutes: 2 }, as: `answer${nth}` }),
  'detach-by-hand': () => ({ hand: { detach: 'eni' } }),
};
const HARMS: readonly string[] = ['fail', 'stop', 'terminate', 'spot', 'reboot'];

/** Draws one or two standing faults, and one to three incidents, on two or three members. The same for the same seed. */
export function drawPair(seed: number): Pair {
  const random = new Random(seed).fork('pairs');
  const members = ['a', 'b', 'c'].slice(0, random.pick([2, 3, 3]));
  const isTwo = random.chance(0.35);
  const type = random.pick(isTwo ? ['t3.small', 'm5.large'] : ['t3.small', 't3.micro', 't3.nano', 'm5.large']);
  const two = isTwo ? { two: { group: 'web', on: 'a', index: 2 } } : {};
  const document: Document = {
    name: '',
    source: `tests/pairs, seed ${seed}`,
    instances: Object.fromEntries(members.map((name) => [name, { type, groups: 'web' }])),
    interfaces: { eni: { group: 'web', on: 'a', index: 1 }, ...two },
    timeline: [],
    until: '35m',
    expect: [],
  };
  const draft: Draft = { random, members, document, unfit: new Set(), unsure: new Set() };
  const standing = new Set(Array.from({ length: random.pick([1, 2, 2]) }, () => random.pick(Object.keys(STANDING))));
  for (const name of standing) STANDING[name]?.(draft);
  const happened = drawIncidents(draft);
  document.name = `Pair ${seed}: ${[...standing, ...happened].join(', ')}`;
  const fine = members.filter((name) => !draft.unfit.has(name));
  return { document, fit: fine.filter((name) => !draft.unsure.has(name)), fine };
}

function drawIncidents(draft: Draft): readonly string[] {
  const { random, members, document, unfit } = draft;
  const gone = new Set<string>();
  let atS = INCIDENTS_BEGIN_S;
  return Array.from({ length: random.pick([1, 1, 2, 3]) }).flatMap((_, nth) => {
    atS += random.pick([0, 1, 3, 10, 30, 90, 200, 400]);
    const member = nth === 0 ? 'a' : random.pick(members);
    const name = random.pick(Object.keys(INCIDENTS));
    const isHarm = HARMS.includes(name);
    // Nothing happens to what is gone.
    if (isHarm && gone.has(member)) return [];
    if (isHarm && name !== 'reboot') unfit.add(member);
    if (isHarm && name !== 'fail' && name !== 'reboot') gone.add(member);
    const line = INCIDENTS[name]?.(draft, member, atS, nth) ?? {};
    document.timeline.push({ at: `${atS}s`, ...line });
    return [`${name}${isHarm ? ` of ${member}` : ''} at ${atS} s`];
  });
}
