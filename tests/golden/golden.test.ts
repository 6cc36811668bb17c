import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decide } from '../../lib/core/decide.ts';
import { freshMemory, type Memory } from '../../lib/core/memory.ts';
import type { Observation, Trigger } from '../../lib/core/model.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lib/core/settings.ts';
import { readableJson } from '../support/json.ts';

/**
 * A few stories as JSON: `trigger.json` and `observation.json`, where they matter `memory.json` and `settings.json`,
 * and what follows, `decision.json`. They are the contract that an observation is JSON in and a decision JSON out;
 * every single rule has its rows in `tests/unit/core`. `UPDATE_GOLDEN=1` rewrites each decision.json; read every
 * difference by eye before it is committed.
 */
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const STORIES = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

function read(story: string, file: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, story, file), 'utf8'));
}

function readIfThere(story: string, file: string): object {
  return existsSync(join(__dirname, story, file)) ? (read(story, file) as object) : {};
}

function decided(story: string) {
  const settings: Settings = { ...DEFAULT_SETTINGS, ...readIfThere(story, 'settings.json') };
  const memory: Memory = { ...freshMemory('run-now'), ...readIfThere(story, 'memory.json') };
  const trigger = read(story, 'trigger.json') as Trigger;
  const decision = decide(trigger, read(story, 'observation.json') as Observation, memory, settings);
  const { analysis, kind, code, reason, rejected, facts, plan, write } = decision;
  const { warnings } = facts;
  return {
    analysis,
    kind,
    code,
    reason,
    rejected,
    ...(warnings.length > 0 && { warnings }),
    ...(plan && { plan }),
    ...(write && { write }),
  };
}

describe('a decision', () => {
  it.each(STORIES)('should be as recorded for %s', (story) => {
    const actual = decided(story);
    if (UPDATE) writeFileSync(join(__dirname, story, 'decision.json'), `${readableJson(actual)}\n`);
    expect(actual).toEqual(read(story, 'decision.json'));
  });

  it.each(STORIES)('should carry a reason that is one readable sentence or two for %s', (story) => {
    const { reason, rejected } = decided(story);
    expect(reason).toMatch(/^[^\n]{10,400}\.$/);
    for (const sentence of [reason, ...rejected.map((each) => each.reason)]) {
      expect(sentence).toMatch(/^[^\n]{3,400}$/);
      expect(sentence).not.toMatch(/undefined|NaN|\[object|null/);
    }
  });
});
