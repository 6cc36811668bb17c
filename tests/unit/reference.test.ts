import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as codes from '../../lib/core/codes.ts';
import { encodeKeys, encodeLedger } from '../../lib/core/ledger-codec.ts';
import { ledger } from '../support/observation.ts';

const page = readFileSync(join(__dirname, '../../docs/reference.md'), 'utf8');

describe('docs/reference.md', () => {
  const all = Object.values(codes).flat();

  it.each([...new Set(all)])('should explain the code %s', (code) => {
    expect(page).toContain(`\`${code}\``);
  });

  it('should explain every key of the ledger', () => {
    const keys = Object.keys({ ...encodeLedger(ledger(), ''), ...encodeKeys(ledger(), ['pause'], '') });
    for (const key of keys) expect(page).toContain(`| \`${key}\` |`);
  });
});
