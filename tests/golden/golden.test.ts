import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACT_CODES, ANALYSES, BLOCK_CODES, NO_ACTION_CODES, REJECTION_CODES } from '../../lib/core/codes.ts';
import { decide } from '../../lib/core/decide.ts';
import type { Observation, Trigger } from '../../lib/core/model.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lib/core/settings.ts';
import { readableJson } from '../support/json.ts';

/** `UPDATE_GOLDEN=1` rewrites each decision.json; read every difference by eye before it is committed. */
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const CASES = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

function read(name: string, file: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, name, file), 'utf8'));
}

function decided(name: string) {
  const overrides = existsSync(join(__dirname, name, 'settings.json')) ? read(name, 'settings.json') : {};
  const settings: Settings = { ...DEFAULT_SETTINGS, ...(overrides as Partial<Settings>) };
  const decision = decide(
    read(name, 'trigger.json') as Trigger,
    read(name, 'observation.json') as Observation,
    settings,
  );
  const { analysis, decision: kind, code, reason, rejected, situation } = decision;
  const { warnings } = situation;
  const warned = warnings.length === 0 ? {} : { warnings };
  const planned = decision.decision === 'act' ? { plan: decision.plan } : {};
  return { analysis, decision: kind, code, reason, rejected, ...warned, ...planned };
}

describe('a decision', () => {
  it.each(CASES)('should be as recorded for %s', (name) => {
    const actual = decided(name);
    if (UPDATE) writeFileSync(join(__dirname, name, 'decision.json'), `${readableJson(actual)}\n`);
    expect(actual).toEqual(read(name, 'decision.json'));
  });

  it.each(CASES)('should carry a reason that is one readable sentence or two for %s', (name) => {
    const { reason, rejected } = decided(name);
    expect(reason).toMatch(/^[^\n]{10,400}\.$/);
    expect(reason).not.toMatch(/undefined|NaN|\[object|null/);
    for (const rejection of rejected) expect(rejection.reason).toMatch(/^[^\n]{3,300}$/);
    for (const rejection of rejected) expect(rejection.reason).not.toMatch(/undefined|NaN|\[object|null/);
  });
});

type Decided = ReturnType<typeof decided>;

function codesOf(all: readonly Decided[], kind: string): readonly string[] {
  return all.filter(({ decision }) => decision === kind).map(({ code }) => code);
}

describe('the codes', () => {
  // Decided inside the test: a core that throws then fails tests, not the whole file.
  it.each<[string, readonly string[], (all: readonly Decided[]) => readonly string[]]>([
    ['analyses', ANALYSES, (all) => all.map(({ analysis }) => analysis)],
    ['no-action codes', NO_ACTION_CODES, (all) => codesOf(all, 'no-action')],
    ['block codes', BLOCK_CODES, (all) => codesOf(all, 'blocked')],
    ['act codes', ACT_CODES, (all) => codesOf(all, 'act')],
    ['rejection codes', REJECTION_CODES, (all) => all.flatMap(({ rejected }) => rejected.map(({ code }) => code))],
  ])('should all be produced by a golden case, and no others: %s', (_, known, producedIn) => {
    const produced = producedIn(CASES.map((name) => decided(name)));
    expect([...new Set(produced)].sort()).toEqual([...known].sort());
  });
});
