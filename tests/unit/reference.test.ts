import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AHEAD_KEY } from '../../lib/core/ahead-note.ts';
import { type CodeKind, CODES } from '../../lib/core/codes.ts';
import settings from '../../lib/core/settings.json';
import { DEFAULT_SETTINGS } from '../../lib/core/settings.ts';
import { EVENTS } from '../../lib/engine/event-names.ts';
import { METRICS } from '../../lib/engine/metrics.ts';
import type { GroupResult } from '../../lib/engine/result.ts';
import type { ErrorCode } from '../../lib/errors.ts';
import { ledger, ledgerTags } from '../support/observation.ts';
import { at, Stage } from '../support/stage.ts';

const page = readFileSync(join(__dirname, '../../docs/reference.md'), 'utf8');

/** What stands under each heading, by the heading. */
const sections = new Map(
  page.split(/^## /m).map((section) => {
    const [heading = '', ...lines] = section.split('\n');
    return [heading, lines.join('\n')] as const;
  }),
);

/** The rows of the tables under a heading that begin with one word in code, without the head. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const rows = [...(sections.get(heading) ?? '').matchAll(/^\| `([\w-]+)` \| (.+) \|$/gm)];
  return rows.map(([, word = '', meaning = '']) => [word, meaning]);
}

const CODE_HEADINGS: Readonly<Record<CodeKind, string>> = {
  analysis: 'Analyses',
  'no-action': 'Codes: no action',
  blocked: 'Codes: blocked',
  act: 'Codes: acts',
  edit: 'Codes: edits',
  ignored: 'Codes: ignored',
  failed: 'Codes: failed turns',
  rejection: 'Codes: rejected candidates',
  warning: 'Codes: warnings',
  readiness: 'Codes: readiness',
  ahead: 'Codes: look ahead',
  upkeep: 'Codes: upkeep',
};

describe('the codes in docs/reference.md', () => {
  it.each(Object.entries(CODE_HEADINGS))('should be those of the kind %s, each with its meaning', (kind, heading) => {
    const rows = CODES.filter((row) => row.kind === kind).map(({ code, meaning }) => [code, meaning]);
    expect(rowsUnder(heading)).toEqual(rows);
  });

  it('should have no table besides these', () => {
    const headings = [...sections.keys()].filter((heading) => /^(Codes|Analyses)/.test(heading));
    expect(headings).toEqual(Object.values(CODE_HEADINGS));
  });

  it('should be told apart from the errors, each of which has a row', () => {
    const errors: Readonly<Record<ErrorCode, true>> = {
      InvalidRequest: true,
      UnsupportedEvent: true,
      InvalidConfiguration: true,
      OperationFailed: true,
      OperationInterrupted: true,
      AwsCallFailed: true,
      InternalError: true,
    };
    expect(rowsUnder('Errors').map(([code]) => code)).toEqual(Object.keys(errors));
  });
});

describe('the keys of the ledger in docs/reference.md', () => {
  it('should be those that are written', () => {
    const ofLedger = Object.keys(ledgerTags(ledger())).map((key) => key.slice(DEFAULT_SETTINGS.statePrefix.length));
    const keys = [...ofLedger, AHEAD_KEY];
    const named = rowsUnder('Tags the product writes').map(([key]) => key);
    expect(named).toHaveLength(keys.length);
    expect(new Set(named)).toEqual(new Set(keys));
  });

  it('should show where resources are in the notation that is written', () => {
    const resources = [
      { kind: 'interface', id: 'eni-0aaaaaaaa12345678', deviceIndex: 1, networkCardIndex: 0 },
      { kind: 'interface', id: 'eni-0aaaaaaaa9abcdef0', deviceIndex: 2, networkCardIndex: 1 },
    ] as const;
    const written = ledgerTags(ledger({ resources }))[`${DEFAULT_SETTINGS.statePrefix}devices`];
    const row = rowsUnder('Tags the product writes').find(([key]) => key === 'devices');
    expect(row?.[1]).toContain(`\`${written}\``);
  });
});

/** The paths to every value of a document; lists by their first element. */
function paths(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path];
  if (Array.isArray(value)) return value.length === 0 ? [] : paths(value[0], `${path}[]`);
  return Object.entries(value).flatMap(([key, each]) => paths(each, `${path}.${key}`));
}

describe('the events in docs/reference.md', () => {
  it('should be those of the code, each with what the code says of it', () => {
    const rows = [...page.matchAll(/^\| `((?:\w+ )+\w+)` \| (.+) \|$/gm)].map(([, name, meaning]) => [name, meaning]);
    expect(rows).toEqual(Object.entries(EVENTS));
  });
});

describe('the metrics in docs/reference.md', () => {
  it('should be those of the code, each with its unit and what it counts', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (Count|Milliseconds) \| (by group|each sweep) \| (.+) \|$/gm)];
    const expected = Object.entries(METRICS).map(([name, { unit, of, meaning }]) => {
      return [name, unit, of === 'group' ? 'by group' : 'each sweep', meaning];
    });
    expect(rows.map(([, ...cells]) => cells)).toEqual(expected);
  });
});

describe('the results in docs/reference.md', () => {
  const [move, status] = [...(sections.get('Results') ?? '').matchAll(/```json\n(.+?)```/gs)].map(
    ([, text = '']) => JSON.parse(text) as GroupResult,
  );

  async function failedOver() {
    const stage = new Stage();
    const scene = stage.build('pair');
    const result = await stage.result(await stage.fail(scene.holder));
    return { stage, result };
  }

  it('should show a move as it is returned', async () => {
    const { result } = await failedOver();
    expect(paths(move)).toEqual(paths(result));
    expect(move?.operation?.steps.map(({ kind }) => kind)).toEqual(result.operation?.steps.map(({ kind }) => kind));
    for (const [nth, step] of (result.operation?.steps ?? []).entries())
      expect(paths(at(move?.operation?.steps ?? [], nth))).toEqual(paths(step));
  });

  it('should show a status as it is returned', async () => {
    const { stage } = await failedOver();
    const result = await stage.result({ action: 'status', group: 'web' });
    const { ledger: shown, ...rest } = status?.status ?? { ledger: {} };
    const { ledger: told, ...seen } = result.status ?? { ledger: {} };
    expect(paths(rest)).toEqual(paths(seen));
    expect(paths(told)).toEqual(expect.arrayContaining([...paths(shown)]));
  });
});

describe('the settings in docs/reference.md', () => {
  it.each(settings.map((row) => [row.tag, row] as const))('should be told with range and default: %s', (tag, row) => {
    const line = page.split('\n').find((text) => text.startsWith(`| \`${tag}\` |`)) ?? '';
    expect(line).toContain(`${row.min}–${row.max}`);
    expect(line.endsWith(`| ${row.default} |`)).toBe(true);
  });
});
