import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeKind, CODES } from '../../lib/core/codes.ts';
import type { ErrorCode } from '../../lib/errors.ts';

const page = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');

interface Entry {
  readonly code: string;
  readonly address: string;
  readonly remedy: string;
}

/** What the page says about each code, by the heading that it says it under. */
const entries: ReadonlyMap<string, readonly Entry[]> = new Map(
  page.split(/^## /m).map((section) => {
    const rows = [...section.matchAll(/^\| `([\w-]+)` \| (.*) \| (.*) \|$/gm)];
    return [
      section.split('\n')[0] ?? '',
      rows.map(([, code = '', address = '', remedy = '']) => ({ code, address, remedy })),
    ] as const;
  }),
);
const codesUnder = (heading: string): readonly string[] => (entries.get(heading) ?? []).map(({ code }) => code);
const codesOf = (kind: CodeKind): readonly string[] => CODES.filter((row) => row.kind === kind).map(({ code }) => code);

describe('what a person does about a code, in docs/operations.md', () => {
  it.each<[CodeKind, string]>([
    ['blocked', 'Blocked'],
    ['failed', 'Failed turns'],
    ['rejection', 'Rejected candidates'],
    ['readiness', 'Readiness'],
    ['ahead', 'Look ahead'],
  ])('should be said once for every code of the kind %s, and for no other', (kind, heading) => {
    expect(codesUnder(heading).toSorted()).toEqual(codesOf(kind).toSorted());
  });

  it('should be said for ignored events that exist', () => {
    expect(codesOf('ignored')).toEqual(expect.arrayContaining([...codesUnder('Ignored events')]));
  });

  it('should be said once for everything that the probe tells', () => {
    const told = codesOf('no-action').filter((code) => /probe|verdict|moved-not/.test(code));
    expect(codesUnder('The probe')).toEqual(told);
  });

  it('should be said once for every warning that is not the probe’s', () => {
    const own = codesOf('warning').filter((code) => !/probe|moved-not/.test(code));
    expect(codesUnder('Warnings')).toEqual(own);
  });

  it('should be said once for every error', () => {
    const errors: Readonly<Record<ErrorCode, true>> = {
      InvalidRequest: true,
      UnsupportedEvent: true,
      InvalidConfiguration: true,
      OperationFailed: true,
      OperationInterrupted: true,
      AwsCallFailed: true,
      InternalError: true,
    };
    expect(codesUnder('Errors').toSorted()).toEqual(Object.keys(errors).toSorted());
  });

  it('should be said nowhere else', () => {
    const headings = [...entries].filter(([, rows]) => rows.length > 0).map(([heading]) => heading);
    expect(headings).toEqual([
      'Blocked',
      'Failed turns',
      'Rejected candidates',
      'The probe',
      'Warnings',
      'Readiness',
      'Look ahead',
      'Ignored events',
      'Errors',
    ]);
  });

  it.each([...entries.values()].flat())('should be an address and a remedy, in few words: $code', (entry) => {
    for (const text of [entry.address, entry.remedy]) {
      expect(text.trim()).not.toBe('');
      expect(text.length).toBeLessThan(320);
    }
  });
});
