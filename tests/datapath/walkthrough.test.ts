import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageOnce } from '../../build/packaging.ts';
import { itHere, printed, type Running, soon } from './command.ts';

const ROOT = path.join(__dirname, '..', '..');
const PAGE = readFileSync(path.join(ROOT, 'docs/walkthrough.md'), 'utf8');

interface Step {
  readonly title: string;
  readonly commands: string;
  readonly shows: string;
}

/** What is typed in each numbered step, and what the page says it prints. */
function stepsOf(page: string): readonly Step[] {
  return page.split(/^## (?=\d)/m).flatMap((section) => {
    const [, title = ''] = /^(\d.*)$/m.exec(section) ?? [];
    const [, commands, shows] = /^```sh\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/m.exec(section) ?? [];
    return commands === undefined || shows === undefined ? [] : [{ title, commands, shows }];
  });
}

/** Runs a piece of shell as a person types it. */
function shell(script: string): Running {
  const child = spawn('sh', ['-c', script], { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  const ended = once(child, 'close').then(([status]) => ({ status: status as number | null, ...text }));
  return { child, out: () => text.out, ended };
}

/** Without what is only there to look nice. The numbers of devices are the kernel's. */
const plain = (text: string): string =>
  text
    .replaceAll(/@if\d+/g, '@ifN')
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/ +$/gm, '');

describe('the walk-through', () => {
  it('should have the seven steps of the exercise, each with its counterpart on AWS', () => {
    expect(stepsOf(PAGE).map(({ title }) => title.slice(0, 2))).toEqual(['1.', '2.', '3.', '4.', '5.', '6.', '7.']);
    expect(PAGE.match(/^On AWS/gm)).toHaveLength(7);
  });

  itHere('should run as written, and show what the page says', async () => {
    await packageOnce();
    const [, stage = ''] = /^(npm run .*--hold .*)$/m.exec(PAGE) ?? [];
    const running = shell(stage);
    try {
      await printed(running, /Ready/);
      for (const { title, commands, shows } of stepsOf(PAGE)) {
        const { out, err } = await shell(commands).ended;
        expect([title, plain(out), err]).toEqual([title, plain(shows), '']);
      }
    } finally {
      process.kill(-(running.child.pid ?? 0), 'SIGINT');
      await running.ended;
    }
    await soon(() => expect(readFileSync('/proc/mounts', 'utf8')).not.toContain('eni-walk-'));
  });
});
