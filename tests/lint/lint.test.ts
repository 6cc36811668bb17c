import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesIn, FIXTURES as fixtures, ROOT as root } from './sources.ts';

/**
 * Each line of a fixture that breaks a rule says which: `// ✗ rule [rule]`. A rule must bite exactly there, so the
 * unmarked lines prove that what is allowed passes. The fixtures are linted in a copy that looks like the repository:
 * a configuration's globs count from where it lies.
 */
const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');

interface Report {
  diagnostics: { filename: string; code: string; labels: { span: { line: number } }[] }[];
}

function marksOf(file: string): string[] {
  const lines = readFileSync(join(fixtures, file), 'utf8').split('\n');
  return lines.flatMap((line, i) =>
    (line.split('// ✗ ')[1]?.split(' ') ?? []).map((rule) => `${file}:${i + 1} ${rule}`),
  );
}

function lintCopyOfFixtures(): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'lint-'));
  try {
    cpSync(fixtures, dir, { recursive: true });
    for (const file of ['.oxlintrc.json', 'tsconfig.json']) cpSync(join(root, file), join(dir, file));
    cpSync(join(root, 'build/oxlint-plugin.cjs'), join(dir, 'build/oxlint-plugin.cjs'));
    symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
    const folders = ['bin', 'build', 'cases', 'demo', 'functions', 'lab', 'lib'];
    const args = [oxlint, '--type-aware', '--format=json', ...folders];
    const { stdout } = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8' });
    return (JSON.parse(stdout) as Report).diagnostics.map(
      ({ filename, code, labels }) => `${filename}:${labels[0]?.span.line} ${/\(([^)]+)\)/.exec(code)?.[1]}`,
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

describe('lint rules', () => {
  const found = new Set(lintCopyOfFixtures());

  it.each(filesIn(fixtures))('should report exactly the marked lines of %s', (file) => {
    const here = [...found].filter((line) => line.startsWith(`${file}:`));
    expect(here.toSorted()).toEqual(marksOf(file).toSorted());
  });

  it('should know every import direction by a fixture of its own', () => {
    const config = readFileSync(join(root, '.oxlintrc.json'), 'utf8').replaceAll(/^\s*\/\/.*$/gm, '');
    const { overrides } = JSON.parse(config) as { overrides: { files: string[] }[] };
    const bitten = [...found].map((line) => line.split(':')[0] ?? '');
    const silent = overrides
      .flatMap(({ files }) => files)
      .filter((glob) => glob !== 'lib/clock.ts' && glob !== 'tests/**')
      .filter((glob) => !bitten.some((file) => file === glob || file.startsWith(glob.replace('**', ''))));
    expect(silent).toEqual([]);
  });

  it('should leave the fixtures out of the run over the repository', () => {
    const listed = execFileSync(process.execPath, [oxlint, '--debug=files'], { cwd: root, encoding: 'utf8' });
    expect(listed).toContain('lib/clock.ts');
    expect(listed).not.toContain('fixtures');
  });
});
