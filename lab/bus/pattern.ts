/**
 * EventBridge event patterns, as far as templates here use them. Anything else is an error, never ignored: a pattern
 * that matches more or less than the real one would test something that does not ship.
 *
 * It works as the real engine does (https://github.com/aws/event-ruler): an event is a list of leaves, each with its
 * path and its place in the arrays above it; a pattern is a list of conditions on paths; all leaves that meet them
 * must agree on the elements of the arrays they share.
 */
type Json = Record<string, unknown>;

/** Which element of each array a leaf is in. */
type Place = ReadonlyMap<number, number>;
interface Leaf {
  readonly path: string;
  readonly value: unknown;
  readonly place: Place;
}

/** What one path of an event has to be: absent, or a leaf that meets one of the matchers. */
interface Condition {
  readonly path: string;
  readonly tests: readonly ((value: unknown) => boolean)[];
  readonly mayBeAbsent: boolean;
}
type Matcher = { readonly absent: true } | { readonly test: (value: unknown) => boolean };

/** The pattern is not one this matcher understands (or EventBridge itself would refuse it). */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/**
 * Compiles a pattern into a predicate over events.
 * @example compilePattern({ source: ['aws.ec2'], detail: { state: [{ prefix: 'stop' }] } })(event)
 * @throws PatternError for an unknown operator or a malformed pattern
 */
export function compilePattern(pattern: unknown): (event: object) => boolean {
  const alternatives = compileObject(pattern, '').map(sorted);
  return (event) => {
    const leaves = leavesOf(event);
    return alternatives.some((conditions) => holds(conditions, leaves, new Map()));
  };
}

/** The engine goes through the paths in the order of their names, so what comes first decides on array elements. */
function sorted(conditions: readonly Condition[]): readonly Condition[] {
  const paths = conditions.map(({ path }) => path);
  const twice = paths.find((path, at) => paths.indexOf(path) !== at);
  if (twice !== undefined) throw new PatternError(`${twice}: given twice`);
  return [...conditions].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function holds([condition, ...rest]: readonly Condition[], leaves: readonly Leaf[], place: Place): boolean {
  if (condition === undefined) return true;
  const there = leaves.filter((leaf) => leaf.path === condition.path && agree(leaf.place, place));
  // Absent means that no such leaf is anywhere in the elements that are still possible.
  if (condition.mayBeAbsent && there.length === 0 && holds(rest, leaves, place)) return true;
  return there.some(
    (leaf) =>
      condition.tests.some((test) => test(leaf.value)) && holds(rest, leaves, new Map([...place, ...leaf.place])),
  );
}

function agree(one: Place, other: Place): boolean {
  return [...one].every(([array, element]) => (other.get(array) ?? element) === element);
}

function leavesOf(event: object): Leaf[] {
  let arrays = 0;
  const visit = (value: unknown, path: string, place: Place): Leaf[] => {
    if (value === undefined) return [];
    if (Array.isArray(value)) {
      arrays += 1;
      const array = arrays;
      return value.flatMap((item, element) => visit(item, path, new Map([...place, [array, element]])));
    }
    if (!isObject(value)) return [{ path, value, place }];
    return Object.entries(value).flatMap(([key, item]) => visit(item, join(path, key), place));
  };
  return visit(event, '', new Map());
}

/** @returns the conditions of each alternative; there are several where `$or` is used. */
function compileObject(pattern: unknown, at: string): Condition[][] {
  const entries = Object.entries(asObject(pattern, at));
  if (entries.length === 0) throw new PatternError(`${at}: an empty object matches nothing`);
  const choices = entries.map(([key, value]) => (key === '$or' ? compileOr(value, at) : compileField(key, value, at)));
  // Every choice of one entry with every choice of the others.
  return choices.reduce((all, next) => all.flatMap((one) => next.map((other) => [...one, ...other])), [[]]);
}

function compileOr(alternatives: unknown, at: string): Condition[][] {
  if (!Array.isArray(alternatives) || alternatives.length < 2) {
    throw new PatternError(`${at}.$or: needs two alternatives`);
  }
  return alternatives.flatMap((alternative) => compileObject(alternative, at));
}

function compileField(key: string, value: unknown, at: string): Condition[][] {
  const path = join(at, key);
  if (!Array.isArray(value)) return compileObject(value, path);
  if (value.length === 0) throw new PatternError(`${path}: an empty list matches nothing`);
  const matchers = value.map((matcher) => compileMatcher(matcher, path));
  const tests = matchers.flatMap((matcher) => ('test' in matcher ? [matcher.test] : []));
  return [[{ path, tests, mayBeAbsent: matchers.some((matcher) => 'absent' in matcher) }]];
}

function compileMatcher(matcher: unknown, at: string): Matcher {
  if (!isObject(matcher)) {
    const expected = asScalar(matcher, at);
    return { test: (value) => value === expected };
  }
  const [[operator, operand] = ['', undefined], ...more] = Object.entries(matcher);
  if (more.length > 0) throw new PatternError(`${at}: one operator at a time`);
  if (operator === 'prefix' && typeof operand === 'string') {
    return { test: (value) => typeof value === 'string' && value.startsWith(operand) };
  }
  if (operator === 'wildcard' && typeof operand === 'string') {
    const whole = wildcard(operand, at);
    return { test: (value) => typeof value === 'string' && whole.test(value) };
  }
  if (operator === 'anything-but') {
    const excluded = (Array.isArray(operand) ? operand : [operand]).map((value) => asScalar(value, at));
    return { test: (value) => !excluded.includes(value) };
  }
  if (operator === 'exists' && typeof operand === 'boolean') return operand ? { test: () => true } : { absent: true };
  throw new PatternError(`${at}: unknown operator ${JSON.stringify(matcher)}`);
}

/** `*` stands for any text; consecutive ones and escapes are not needed here, and so refused. */
function wildcard(text: string, at: string): RegExp {
  if (text.includes('**') || text.includes('\\')) throw new PatternError(`${at}: a wildcard of this form is not known`);
  return new RegExp(`^${text.replace(/[.+?^${}()|[\]]/g, '\\$&').replaceAll('*', '[^]*')}$`);
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown, at: string): Json {
  if (!isObject(value)) throw new PatternError(`${at}: a list of values or an object is expected`);
  return value;
}

function asScalar(value: unknown, at: string): unknown {
  if (value !== null && typeof value === 'object') {
    throw new PatternError(`${at}: a string, number, boolean or null is expected`);
  }
  return value;
}
