import { codeIn } from './sources.ts';

/** A file that has grown beyond this is about two things. */
const MOST_LINES = 250;
const FOLDERS = ['bench', 'bin', 'build', 'cases', 'demo', 'functions', 'lab', 'lib', 'serverless', 'tests'];

/** The files with more lines than that, each with their number. */
function tooLong(sources: ReadonlyMap<string, string>): readonly string[] {
  return [...sources]
    .map(([file, text]) => [file, text.trimEnd().split('\n').length] as const)
    .filter(([, lines]) => lines > MOST_LINES)
    .map(([file, lines]) => `${file}: ${lines} lines`);
}

describe('the length of files', () => {
  it('should be measured in lines, and the longest that is allowed be allowed', () => {
    const lines = (count: number): string => 'line\n'.repeat(count);
    const sources = new Map([
      ['long.ts', lines(MOST_LINES + 1)],
      ['allowed.ts', lines(MOST_LINES)],
    ]);
    expect(tooLong(sources)).toEqual([`long.ts: ${MOST_LINES + 1} lines`]);
  });

  it('should stay such that a file can be read at once', () => {
    const code = [...codeIn(FOLDERS)];
    expect(code.length).toBeGreaterThan(200);
    expect(tooLong(new Map(code))).toEqual([]);
  });
});
