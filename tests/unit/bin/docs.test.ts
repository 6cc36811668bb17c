import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldsOf } from '../../../bin/fields.ts';
import { COMMON } from '../../../bin/program.ts';
import { VERBS } from '../../../bin/verbs.ts';

const PAGE = readFileSync(join(__dirname, '../../../docs/cli.md'), 'utf8');
const nameOf = (flags: string): string => /--[\w-]+/.exec(flags)?.[0] ?? '';

describe('docs/cli.md', () => {
  it.each(VERBS)('should have a row for $action, with its options', ({ action, ofAll }) => {
    const group = ofAll ? '[GROUP]' : 'GROUP';
    const row = PAGE.split('\n').find((line) => line.startsWith(`| \`${action} ${group}\` |`));
    const options = [...(row?.split('|')[2] ?? '').matchAll(/--[\w-]+/g)].map(([option]) => option);
    expect(row).toBeDefined();
    expect(options).toEqual(fieldsOf(action).map(({ flags }) => nameOf(flags)));
  });

  it.each(COMMON.map(([flags]) => nameOf(flags)))('should speak of %s', (option) => {
    expect(PAGE).toContain(`\`${option}\``);
  });
});
