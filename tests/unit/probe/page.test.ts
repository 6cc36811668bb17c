import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COST_MS } from '../../../lib/probe/capacity.ts';
import { CLASSES } from '../../../lib/probe/outcome.ts';
import { REASONS, VERDICTS } from '../../../lib/probe/verdict.ts';
import type { ProbeCode } from '../../../lib/watch/says.ts';

const page = readFileSync(join(__dirname, '../../../docs/probe.md'), 'utf8');

/** The words in code that rows of the table with this head begin with. */
function rowsOf(head: string): readonly string[] {
  const table = page.slice(page.indexOf(`| ${head} |`)).split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, word = '']) => word);
}

describe('docs/probe.md', () => {
  it('should have a row for each class, verdict and reason', () => {
    expect(rowsOf('class')).toEqual(CLASSES);
    expect(rowsOf('verdict | a move may follow')).toEqual(VERDICTS);
    expect(rowsOf('reason')).toEqual(REASONS);
  });

  it('should say what an attempt is reckoned with', () => {
    const [, table = ''] = /\| target \| CPU measured \| reckoned with \|.*\n([^]*?)\n\n/.exec(page) ?? [];
    for (const [kind, ms] of Object.entries(COST_MS))
      expect(table.split('\n').find((row) => row.includes(`\`${kind}\``))).toContain(` | ${ms} ms | `);
  });

  it('should have a row for whatever watch says', () => {
    const codes: Readonly<Record<ProbeCode, true>> = {
      'probe-unavailable': true,
      'probe-slow': true,
      'probe-over-capacity': true,
      'probe-refused-address': true,
      'probe-disagrees': true,
      'probe-sees-nothing': true,
      'verdict-not-delivered': true,
    };
    expect(rowsOf('code')).toEqual([...Object.keys(codes), 'verdict']);
  });
});
