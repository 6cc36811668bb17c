import { toTags } from '../../../lib/aws/translate.ts';

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
