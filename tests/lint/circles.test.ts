import { circlesIn, importsOf } from './circles.ts';
import { codeIn, FIXTURES } from './sources.ts';

/** Where no circle is allowed: all code that there is, but for folders that still have one. */
const FOLDERS = ['bench', 'bin', 'build', 'cases', 'demo', 'functions', 'lab', 'lib', 'serverless', 'tests'];

describe('the imports of a file', () => {
  it.each([
    [`import { a } from './x.ts';`],
    [`import a, * as b from './x.ts';`],
    [`import type { A } from './x.ts';`],
    [`import {\n  a, // one\n  type B,\n} from './x.ts';`],
    [`import './x.ts';`],
    [`export { a } from './x.ts';`],
    [`export type { A } from './x.ts';`],
    [`export * as all from './x.ts';`],
    [`const later = () => import('./x.ts');`],
    [`type A = import('./x.ts').A;`],
    [`const a = require('./x.ts');`],
  ])('should be seen in %j', (source) => {
    expect(importsOf(source)).toEqual(['./x.ts']);
  });

  it.each([
    [` * import { a } from './x.ts';`],
    [`// import('./x.ts')`],
    [`export const from = './x.ts';`],
    [`const text = "import { a } from './x.ts'";`],
  ])('should not be seen in %j', (source) => {
    expect(importsOf(source)).toEqual([]);
  });
});

describe('circles of imports', () => {
  it('should be found in the fixtures, imports of types included, each named once', () => {
    expect(circlesIn(codeIn(['lib'], FIXTURES))).toEqual([
      'lib/engine/circle-one.ts → lib/engine/circle-two.ts → lib/engine/circle-three.ts → lib/engine/circle-one.ts',
      'lib/engine/circle-three.ts → lib/engine/circle-three.ts',
      'lib/engine/cycle-back.ts → lib/engine/cycle.ts → lib/engine/cycle-back.ts',
    ]);
  });

  it('should be named for every import that is part of one, from its first file by name', () => {
    const from = (...files: readonly string[]): string => files.map((file) => `import '${file}';`).join('\n');
    const sources = { 'b.ts': from('./a/c'), 'a/c.ts': from('../b.ts', './d'), 'a/d/index.ts': from('../../b.ts') };
    expect(circlesIn(new Map(Object.entries(sources)))).toEqual([
      'a/c.ts → a/d/index.ts → b.ts → a/c.ts',
      'a/c.ts → b.ts → a/c.ts',
    ]);
  });

  it('should not be there in the code', () => {
    const code = [...codeIn(FOLDERS)];
    expect(circlesIn(new Map(code))).toEqual([]);
  });
});
