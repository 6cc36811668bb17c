/**
 * EventBridge event patterns, as far as templates here use them. Anything else is an error, never ignored: a pattern
 * that matches more or less than the real one would test something that does not ship.
 */
type Json = Record<string, unknown>;
type Test = (value: unknown) => boolean;

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
  return compileObject(pattern, 'pattern');
}

function compileObject(pattern: unknown, at: string): Test {
  const entries = Object.entries(asObject(pattern, at));
  if (entries.length === 0) throw new PatternError(`${at}: an empty object matches nothing`);
  const tests = entries.map(([key, value]) => (key === '$or' ? compileOr(value, at) : compileField(key, value, at)));
  // Every field must match on the same element of an array: that is EventBridge's array consistency.
  return (value) => elementsOf(value).some((element) => isObject(element) && tests.every((test) => test(element)));
}

function compileOr(alternatives: unknown, at: string): Test {
  if (!Array.isArray(alternatives) || alternatives.length < 2)
    throw new PatternError(`${at}.$or: needs two alternatives`);
  const tests = alternatives.map((alternative, i) => compileObject(alternative, `${at}.$or[${i}]`));
  return (element) => tests.some((test) => test(element));
}

function compileField(key: string, value: unknown, at: string): Test {
  const path = `${at}.${key}`;
  const test = Array.isArray(value) ? compileLeaf(value, path) : compileObject(value, path);
  return (element) => test((element as Json)[key]);
}

function compileLeaf(matchers: readonly unknown[], at: string): Test {
  if (matchers.length === 0) throw new PatternError(`${at}: an empty list matches nothing`);
  const tests = matchers.map((matcher, i) => compileMatcher(matcher, `${at}[${i}]`));
  return (value) => {
    const leaves = elementsOf(value).filter((element) => element !== undefined && !isObject(element));
    return tests.some((test) => test(leaves));
  };
}

/** @returns a test over all the leaves a path has; none when it is absent. */
function compileMatcher(matcher: unknown, at: string): (leaves: readonly unknown[]) => boolean {
  if (!isObject(matcher)) {
    const expected = asScalar(matcher, at);
    return (leaves) => leaves.includes(expected);
  }
  const [[operator, operand] = ['', undefined], ...more] = Object.entries(matcher);
  if (more.length > 0) throw new PatternError(`${at}: one operator at a time`);
  if (operator === 'prefix' && typeof operand === 'string')
    return (leaves) => leaves.some((leaf) => typeof leaf === 'string' && leaf.startsWith(operand));
  if (operator === 'wildcard' && typeof operand === 'string') {
    const whole = wildcard(operand, at);
    return (leaves) => leaves.some((leaf) => typeof leaf === 'string' && whole.test(leaf));
  }
  if (operator === 'anything-but') {
    const excluded = elementsOf(operand).map((value) => asScalar(value, at));
    return (leaves) => leaves.some((leaf) => !excluded.includes(leaf));
  }
  if (operator === 'exists' && typeof operand === 'boolean') return (leaves) => leaves.length > 0 === operand;
  throw new PatternError(`${at}: unknown operator ${JSON.stringify(matcher)}`);
}

/** `*` stands for any text; consecutive ones and escapes are not needed here, and so refused. */
function wildcard(text: string, at: string): RegExp {
  if (text.includes('**') || text.includes('\\')) throw new PatternError(`${at}: a wildcard of this form is not known`);
  return new RegExp(`^${text.replace(/[.+?^${}()|[\]]/g, '\\$&').replaceAll('*', '[^]*')}$`);
}

function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.flat(Infinity) : [value];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown, at: string): Json {
  if (!isObject(value)) throw new PatternError(`${at}: a list of values or an object is expected`);
  return value;
}

function asScalar(value: unknown, at: string): unknown {
  if (value !== null && typeof value === 'object')
    throw new PatternError(`${at}: a string, number, boolean or null is expected`);
  return value;
}
