import { spawnSync } from 'node:child_process';

/** The demo as a person starts it; that it works is what .ci/run and the end-to-end test show. */
function demo(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', 'tsx', 'demo/demo.ts', ...args], { encoding: 'utf8' });
}

describe('the demo', () => {
  it('should explain itself', () => {
    const { status, stdout } = demo('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--scenario');
    expect(stdout).toContain('"crash"');
  });

  it.each([[['--nope']], [['--seed', 'x']], [['--scenario', 'nope']], [['extra']]])(
    'should refuse %j in one sentence',
    (args) => {
      const { status, stdout, stderr } = demo(...args);
      expect(status).toBe(2);
      expect(stdout).toBe('');
      expect(stderr.trim().split('\n')).toHaveLength(1);
    },
  );
});
