import { table, wrapped } from '../../../bin/table.ts';

describe('a table', () => {
  it('should be as narrow as what is in it', () => {
    expect(table(['A', 'B'], [['one', 'two']], 80)).toBe('A    B\none  two');
  });

  it('should wrap the widest column where it would be too wide', () => {
    const lines = table(['GROUP', 'WHY'], [['web', 'it is in us-east-1b and the group is in us-east-1a']], 40).split(
      '\n',
    );
    expect(lines.every((line) => line.length <= 40)).toBe(true);
    expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toBe(
      'GROUP WHY web it is in us-east-1b and the group is in us-east-1a',
    );
  });

  it('should not count colors', () => {
    expect(table(['A', 'B'], [['\u001B[32myes\u001B[39m', 'x']], 80)).toBe('A    B\n\u001B[32myes\u001B[39m  x');
  });
});

describe('a wrapped text', () => {
  it('should keep to its width, and leave a word whole that is longer', () => {
    expect(wrapped('a bb ccc dddddddddd e', 6)).toBe('a bb\nccc\ndddddddddd\ne');
    expect(wrapped('a bb', 4, '  ')).toBe('  a\n  bb');
  });
});
