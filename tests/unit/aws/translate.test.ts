import { readEach, required, requiredOneOf, toTags } from '../../../lib/aws/translate.ts';

describe('toTags', () => {
  it('should keep any key, and a value that is empty', () => {
    const tags = toTags([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '' },
      { Key: 'c' },
      { Key: '__proto__', Value: 'x' },
    ]);
    expect(Object.entries(tags)).toEqual([
      ['a', '1'],
      ['b', ''],
      ['c', ''],
      ['__proto__', 'x'],
    ]);
    expect(toTags()).toEqual({});
  });
});

const SUBJECT = { action: 'ec2:DescribeThings', id: 'thing-1' };

describe('required', () => {
  it('should take any value but a missing one', () => {
    for (const value of ['', 0, false]) expect(required(value, 'Size', SUBJECT)).toBe(value);
    expect(() => required(Number.NaN, 'Size', SUBJECT)).toThrow('The reply has no Size for thing-1.');
    expect(() => required(undefined, 'Size', SUBJECT)).toThrow(
      expect.objectContaining({
        failure: 'invalid',
        action: 'ec2:DescribeThings',
        awsCode: 'IncompleteReply',
        reason: 'The reply has no Size for thing-1.',
      }),
    );
  });
});

describe('requiredOneOf', () => {
  const ofSizes = (value?: string) => requiredOneOf(value, ['big', 'small'], 'Size', SUBJECT);

  it('should take a value it knows, and no other', () => {
    expect(ofSizes('small')).toBe('small');
    expect(() => ofSizes('Small')).toThrow(
      expect.objectContaining({
        failure: 'invalid',
        awsCode: 'UnknownValue',
        reason: "Size of thing-1 is 'Small', which this version does not know.",
      }),
    );
    expect(() => ofSizes()).toThrow('The reply has no Size for thing-1.');
  });
});

describe('readEach', () => {
  const describeThing = (id: string) => ({ id, tags: { of: id } });

  it('should name what cannot be understood, and keep the order of the rest', () => {
    const translate = (id: string) => required(id === 'b' ? undefined : id.toUpperCase(), 'Size', { ...SUBJECT, id });
    expect(readEach(['a', 'b', 'c'], translate, describeThing)).toEqual({
      views: ['A', 'C'],
      unreadable: [{ id: 'b', reason: 'The reply has no Size for b.', tags: { of: 'b' } }],
    });
  });

  it('should not take a defect of our own for a reply that cannot be understood', () => {
    const translate = (): never => {
      throw new TypeError('not a function');
    };
    expect(() => readEach(['a'], translate, describeThing)).toThrow(TypeError);
  });
});
