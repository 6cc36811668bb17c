import { compilePattern, PatternError } from '../../lab/bus/pattern.ts';

const matches = (pattern: object, event: object): boolean => compilePattern(pattern)(event);

describe('compilePattern', () => {
  it.each<[string, object, object, boolean]>([
    ['an exact value', { source: ['aws.ec2'] }, { source: 'aws.ec2' }, true],
    ['one of several values', { state: ['a', 'b'] }, { state: 'b' }, true],
    ['another value', { state: ['a', 'b'] }, { state: 'c' }, false],
    ['a missing field', { state: ['a'] }, {}, false],
    ['null', { state: [null] }, { state: null }, true],
    ['a number, never as text', { n: [1] }, { n: '1' }, false],
    ['a prefix', { name: [{ prefix: 'eni-' }] }, { name: 'eni-1' }, true],
    ['a prefix elsewhere in the text', { name: [{ prefix: 'eni-' }] }, { name: 'my-eni-1' }, false],
    ['a wildcard', { q: [{ wildcard: '*Status*AWS/EC2*' }] }, { q: 'MAX(StatusX)\nFROM "AWS/EC2"' }, true],
    ['a wildcard in another order', { q: [{ wildcard: '*Status*AWS/EC2*' }] }, { q: 'AWS/EC2 Status' }, false],
    ['a wildcard, by the whole text', { q: [{ wildcard: 'a.*' }] }, { q: 'xa.b' }, false],
    ['a wildcard, its other characters as they are', { q: [{ wildcard: 'a.*' }] }, { q: 'axb' }, false],
    ['anything-but a list', { s: [{ 'anything-but': ['a', 'b'] }] }, { s: 'c' }, true],
    ['anything-but the value', { s: [{ 'anything-but': 'a' }] }, { s: 'a' }, false],
    ['anything-but needs the field', { s: [{ 'anything-but': 'a' }] }, {}, false],
    ['exists', { s: [{ exists: true }] }, { s: 0 }, true],
    ['exists only for leaves', { s: [{ exists: true }] }, { s: { deeper: 1 } }, false],
    ['absence', { s: [{ exists: false }] }, { t: 1 }, true],
    ['absence where the whole object is missing', { d: { s: [{ exists: false }] } }, { t: 1 }, true],
    ['absence of a leaf where there is an object', { s: [{ exists: false }] }, { s: { deeper: 1 } }, true],
    ['absence in an empty list', { s: [{ exists: false }] }, { s: [] }, true],
    ['null is not absent', { s: [{ exists: false }] }, { s: null }, false],
    ['absence, or one of the values', { s: [{ exists: false }, 'x'] }, { s: 'x' }, true],
    ['absence in some elements only', { m: { s: [{ exists: false }] } }, { m: [{ s: 1 }, { t: 1 }] }, false],
    ['a value inside a list', { resources: ['arn:b'] }, { resources: ['arn:a', 'arn:b'] }, true],
    ['one alternative of $or', { $or: [{ a: [1] }, { b: [1] }] }, { b: 1 }, true],
    ['no alternative of $or', { $or: [{ a: [1] }, { b: [1] }] }, { a: 2 }, false],
    ['$or beside a field that differs', { c: [1], $or: [{ a: [1] }, { b: [1] }] }, { a: 1, c: 2 }, false],
  ])('should decide %s', (_, pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it('should want all fields on the same element of an array', () => {
    const pattern = { metrics: { metric: { namespace: ['AWS/EC2'], name: [{ prefix: 'Status' }] } } };
    const metric = (namespace: string, name: string): object => ({ metric: { namespace, name } });
    expect(matches(pattern, { metrics: [metric('X', 'y'), metric('AWS/EC2', 'StatusCheckFailed')] })).toBe(true);
    expect(matches(pattern, { metrics: [metric('AWS/EC2', 'CPU'), metric('X', 'StatusCheckFailed')] })).toBe(false);
  });

  it('should look for absence only in the element that was chosen by what comes before it', () => {
    const event = {
      m: [
        { a: 1, s: 1 },
        { a: 2, t: 1 },
      ],
    };
    expect(matches({ m: { a: [2], s: [{ exists: false }] } }, event)).toBe(true);
    expect(matches({ m: { a: [1], s: [{ exists: false }] } }, event)).toBe(false);
    // The engine goes by the names of the paths: nothing is chosen yet when `s` comes first.
    expect(matches({ m: { s: [{ exists: false }], t: [1] } }, event)).toBe(false);
  });

  it('should combine the alternatives of $or with the other fields on the same element', () => {
    const pattern = { m: { a: [1], $or: [{ b: [1] }, { c: [1] }] } };
    expect(matches(pattern, { m: [{ a: 1, c: 1 }] })).toBe(true);
    expect(matches(pattern, { m: [{ a: 1 }, { c: 1 }] })).toBe(false);
  });

  it.each<[string, unknown]>([
    ['a path that is given twice', { a: [1], $or: [{ a: [2] }, { b: [2] }] }],
    ['an unknown operator', { a: [{ suffix: 'x' }] }],
    ['two operators at once', { a: [{ prefix: 'x', exists: true }] }],
    ['an operand of the wrong type', { a: [{ prefix: 1 }] }],
    ['two wildcards in a row', { a: [{ wildcard: 'a**' }] }],
    ['a bare value', { a: 'x' }],
    ['an empty list', { a: [] }],
    ['an empty object', {}],
    ['a list in a list', { a: [['x']] }],
    ['$or with one alternative', { $or: [{ a: [1] }] }],
    ['nothing', undefined],
  ])('should refuse %s', (_, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(PatternError);
  });
});
