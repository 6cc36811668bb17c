import {
  isoTime,
  joinSections,
  list,
  listOf,
  optional,
  parseTime,
  portable,
  splitSections,
} from '../../../lib/core/tag-text.ts';

const PORTABLE = /^[\p{L}\p{N} +\-=._:/@]{1,256}$/u;

describe('text for a tag', () => {
  it.each([
    ['It works.', 'It works.'],
    ["the alarm 'a/b' (raised)", 'the alarm a/b raised'],
    ['one; two, three', 'one - two - three'],
    ['  many \n spaces\t', 'many spaces'],
    ['“”', '-'],
    ['', '-'],
    ['Störung für Gerät', 'Störung für Gerät'],
  ])('should be made portable: %j', (text, expected) => {
    expect(portable(text)).toBe(expected);
  });

  it('should be cut, visibly, at 256 characters', () => {
    expect(portable('x'.repeat(256))).toBe('x'.repeat(256));
    const cut = portable('x'.repeat(257));
    expect(cut).toHaveLength(256);
    expect(cut.endsWith('...')).toBe(true);
    expect(portable(`${'x'.repeat(252)} ${'y'.repeat(9)}`)).toBe(`${'x'.repeat(252)}...`);
  });

  it('should not be cut in the middle of a letter', () => {
    expect(portable('𝒜'.repeat(150))).toMatch(PORTABLE);
  });
});

describe('an absent value', () => {
  it('should be told apart from one that cannot be read', () => {
    expect(optional(parseTime)('none')).toStrictEqual({ value: undefined });
    expect(optional(parseTime)('soon')).toBeUndefined();
    expect(optional(parseTime)('')).toBeUndefined();
    expect(optional(parseTime)('1970-01-01T00:00:00.000Z')).toEqual({ value: 0 });
  });
});

describe('a list', () => {
  it.each([[[]], [['a']], [['a', 'b']]])('should come back as it was: %j', (items) => {
    expect(listOf((text) => text)(list(items))).toEqual(items);
  });

  it('should be unreadable when one of its items is', () => {
    expect(listOf(parseTime)('2026-08-20T10:00:00.000Z soon')).toBeUndefined();
    expect(listOf(parseTime)('')).toBeUndefined();
  });
});

describe('several lists in one value', () => {
  const read = (text: string) => ['', 'x', 'y'].map(splitSections(text, ['x', 'y']));

  it.each([
    [[[], [], []], 'none'],
    [[['a', 'b'], [], ['c']], 'a b y c'],
    [[[], ['a'], ['b', 'c']], 'x a y b c'],
  ])('should each stand behind their mark, and come back: %j', (lists, text) => {
    expect(joinSections(['', 'x', 'y'].map((mark, nth) => [mark, lists[nth] ?? []]))).toBe(text);
    expect(read(text)).toEqual(lists);
  });

  it('should be cut to one value: of the last list first, and there the oldest', () => {
    const long = (letter: string) => [1, 2].map((nth) => `${nth}${letter.repeat(80)}`);
    const [a1, a2] = long('a');
    expect(
      joinSections([
        ['', long('a')],
        ['x', long('b')],
      ]),
    ).toBe(`${a1} ${a2} x ${long('b')[1]}`);
    expect(
      joinSections([
        ['', [...long('a'), ...long('b')]],
        ['x', ['c']],
      ]),
    ).toBe(`${a2} ${long('b').join(' ')}`);
    expect(
      joinSections(
        [
          ['x', long('a')],
          ['y', long('b')],
        ],
        ['x'],
      ),
    ).toBe(`x ${a2} y ${long('b').join(' ')}`);
  });
});

describe('a time', () => {
  it.each([
    '2026-08-20',
    '1787220000000',
    '2026-02-30T25:00:00Z',
    'Thu, 20 Aug 2026',
    '+002026-08-20T10:00:00Z',
    '2026-08-20T10:00:00Z ',
  ])('should not be guessed from %j', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('should be read with and without milliseconds', () => {
    expect(parseTime('2026-08-20T10:00:00Z')).toBe(Date.UTC(2026, 7, 20, 10));
    expect(parseTime('2026-08-20T10:00:00.250Z')).toBe(Date.UTC(2026, 7, 20, 10) + 250);
  });

  it('should come back as it was written', () => {
    expect(isoTime(Date.UTC(2026, 7, 20, 10) + 5)).toBe('2026-08-20T10:00:00.005Z');
    expect(isoTime(Date.UTC(2026, 7, 20, 10))).toBe('2026-08-20T10:00:00Z');
    expect(parseTime(isoTime(0))).toBe(0);
  });
});
