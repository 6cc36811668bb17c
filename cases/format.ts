/**
 * What a case file may say, piece by piece: docs/cases.md describes it. Each piece is read by itself, so that all
 * faults of a document are found at once; what pieces say of one another is in references.ts.
 */
import * as z from 'zod';
import { VERDICTS } from '../lib/probe/verdict.ts';
import { DURATION, readDuration } from './moments.ts';

const says = (error: string) => ({ error });
const REQUIRED = 'is required';
/** A fault in plain words; what is missing is said to be missing. */
const must = (error: string) => ({
  error: (issue: { readonly input?: unknown }) => (issue.input === undefined ? REQUIRED : error),
});

const text = z.string(must('must be text'));
const line = text.check(
  z.refine<string>((given) => given.trim() !== '' && !given.includes('\n'), says('must be one line of text')),
);
const flag = z.boolean(must('must be true or false'));
const wholeNumber = (least: number) => {
  const words = must(`must be a whole number, at least ${least}`);
  return z.int(words).check(z.gte(least, words));
};
const oneOf = <const Words extends readonly string[]>(...words: Words) =>
  z.enum(words, must(`must be one of ${words.join(', ')}`));
const duration = z.unknown().transform((given, context) => {
  const ms = readDuration(given);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: given === undefined ? REQUIRED : DURATION });
  return z.NEVER;
});
const optional = { duration: duration.optional() };
const zone = z.string(must('must be a letter')).check(z.regex(/^[a-z]$/, says('must be a letter, such as a')));
/** A tag, a parameter: YAML takes 5 and true for more than text. */
const value = z
  .union([z.string(), z.number(), z.boolean()], must('must be text, a number, true or false'))
  .transform(String);
const tags = z.record(z.string(), value, must('must be tags: {key: value}')).default({});
const strict = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return undefined;
      return issue.input === undefined ? REQUIRED : 'must be an object';
    },
  });
const anything = z.record(z.string(), z.unknown(), must('must be an object'));
const list = <Item extends z.ZodType>(item: Item) => z.array(item, must('must be a list'));

export const instanceSchema = strict({
  type: text.default('t3.small'),
  zone: zone.default('a'),
  state: oneOf('running', 'pending', 'stopping', 'stopped', 'shutting-down', 'terminated').default('running'),
  groups: z.string(says('must be names of groups, or null')).nullable().default('web'),
  tags,
  volumes: wholeNumber(0).default(1),
  health: oneOf('ok', 'initializing', 'impaired').optional(),
  interfaces: wholeNumber(1).default(1),
  managedBy: line.optional(),
  outpost: line.optional(),
  tagless: flag.default(false),
  alarm: flag.default(true),
  placementGroup: line.optional(),
});

export const interfaceSchema = strict({
  group: z.string(says('must be the name of a group, or null')).nullable().default('web'),
  on: z.string(says('must be the name of an instance, or null')).nullable().default('a'),
  index: wholeNumber(0).default(1),
  card: wholeNumber(0).default(0),
  zone: zone.optional(),
  tags,
  fillTags: wholeNumber(0).default(0),
  addresses: wholeNumber(1).default(1),
  deleteOnTermination: flag.default(false),
  status: oneOf('attaching', 'detaching').optional(),
});

const dimensions = list(strict({ Name: line, Value: text }));
const metric = strict({ Namespace: line, MetricName: line, Dimensions: dimensions.default([]) });
const metricStat = strict({
  Metric: metric,
  Period: wholeNumber(1),
  Stat: line,
  Unit: line.optional(),
});
const query = strict({
  Id: line,
  MetricStat: metricStat.optional(),
  Expression: line.optional(),
  Label: text.optional(),
  ReturnData: flag.optional(),
  Period: wholeNumber(1).optional(),
  AccountId: line.optional(),
});
const alarmState = oneOf('OK', 'ALARM', 'INSUFFICIENT_DATA');

export const alarmSchema = strict({
  name: line,
  state: alarmState.default('OK'),
  actionsEnabled: flag.default(true),
  metrics: list(query).check(z.minLength(1, says('must have at least one metric'))),
  comparison: oneOf(
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanOrEqualToThreshold',
    'LessThanThreshold',
  ).default('GreaterThanOrEqualToThreshold'),
  threshold: z.number(must('must be a number')).default(1),
  muted: flag.default(false),
});

const by = oneOf('user', 'aws', 'guest').default('user');
const whom = strict({ instance: line });
const whomBy = strict({ instance: line, by });
const FATES = ['refuse', 'deny', 'stuck', 'revert', 'lost', 'throttle', 'slow'] as const;

/** What may happen: each line of the timeline has one of these beside its moment. */
export const VERBS = {
  fail: strict({ instance: line, check: oneOf('system', 'instance', 'ebs', 'application').default('instance') }),
  recover: whom,
  stop: whomBy,
  start: whomBy,
  reboot: whomBy,
  terminate: whomBy,
  spot: whom,
  alarm: strict({
    name: line,
    state: alarmState.optional(),
    actionsEnabled: z.boolean(must('must be true or false')).optional(),
    muted: z.boolean(must('must be true or false')).optional(),
  }).check(
    z.refine<object>((given) => Object.keys(given).length > 1, says('must have a state, actionsEnabled or muted')),
  ),
  place: strict({ instance: line, group: line }),
  upkeep: strict({ action: oneOf('look', 'remove-alarms').default('look') }),
  event: strict({
    source: line,
    'detail-type': line,
    detail: anything,
    resources: list(text).optional(),
    time: line.optional(),
    id: line.optional(),
    account: line.optional(),
    region: line.optional(),
    version: line.optional(),
    'replay-name': line.optional(),
  }),
  invoke: anything,
  ec2: strict({
    action: line,
    instance: line.optional(),
    interface: line.optional(),
    then: oneOf(...FATES),
    times: z.union([wholeNumber(1), z.literal('always')], must('must be a whole number from 1, or always')).default(1),
    until: optional.duration,
    code: line.optional(),
    message: text.optional(),
    status: z.int(must('must be an HTTP status')).check(z.gte(400), z.lte(599)).optional(),
    seconds: z
      .number(must('must be a number'))
      .check(z.positive(says('must be more than 0')))
      .optional(),
  }),
  verdict: strict({
    interface: line,
    says: oneOf(...VERDICTS).default('unreachable'),
    acts: flag.default(true),
    look: oneOf('agrees', 'answers', 'nothing').default('agrees'),
    age: duration.prefault('1s'),
  }),
  tag: strict({ resource: line, key: line, value: z.union([value, z.null()], must('must be text, or null')) }),
  hand: z.union(
    [
      strict({ detach: line }),
      strict({ attach: line, to: line, index: wholeNumber(0).default(1), card: wholeNumber(0).default(0) }),
    ],
    must('must be { detach: interface } or { attach: interface, to: instance, index: number }'),
  ),
} as const;
export type Verb = keyof typeof VERBS;

const PLACES = 'must be {interface: instance}';
const someone = <Value>(given: Readonly<Record<string, Value>>) => Object.keys(given).length > 0;
const places = z.record(z.string(), z.string().nullable(), must(PLACES)).refine(someone, PLACES);
const present = z.record(z.string(), z.string(), must(PLACES)).refine(someone, PLACES);

/** What may be expected: each entry of `expect` has one of these. */
export const EXPECTATIONS = {
  holder: places,
  end: places,
  never: present,
  stays: present,
  looseAtMost: duration,
  alarms: list(line),
  calls: z.record(z.string(), wholeNumber(0), must('must be {action: number}')),
  answer: strict({ as: line, where: anything }),
  threw: wholeNumber(0),
  queued: wholeNumber(0),
  said: line,
} as const;
export type Expected = keyof typeof EXPECTATIONS;

/** The document without what is in its parts. */
export const documentSchema = strict({
  name: line,
  source: text.optional(),
  deployment: z.record(z.string(), value, must('must be parameters: {name: value}')).default({}),
  instances: anything,
  interfaces: anything,
  alarms: list(z.unknown()).default([]),
  placementGroups: z
    .record(z.string(), oneOf('spread', 'partition', 'cluster'), must('must be placement groups: {name: strategy}'))
    .default({}),
  upkeep: flag.default(false),
  sweeps: z
    .unknown()
    .optional()
    .transform((given, context) => {
      if (given === undefined || given === 'none') return given;
      const every = typeof given === 'string' && given.startsWith('every ') ? readDuration(given.slice(6)) : undefined;
      if (every !== undefined && every > 0 && every % 60_000 === 0) return { everyMs: every };
      context.addIssue({ code: 'custom', message: "must be 'none', or 'every' and whole minutes: every 1m" });
      return z.NEVER;
    }),
  timeline: list(z.unknown()).default([]),
  until: duration.prefault('10m'),
  expect: list(z.unknown()).check(z.minLength(1, says('must have at least one entry'))),
});

export const atSchema = duration;
export const asSchema = line;
