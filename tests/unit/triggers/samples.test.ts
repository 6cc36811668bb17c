import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { QUESTIONS, parseQuestion } from '../../../lib/triggers/question.ts';
import { ACTIONS } from '../../../lib/triggers/request.ts';
import { faultOf, parse } from './events.ts';

const ROOT = join(__dirname, '../../..');
const FILES = readdirSync(join(ROOT, 'events')).toSorted();
const read = (file: string) => JSON.parse(readFileSync(join(ROOT, 'events', file), 'utf8')) as { action: string };
const page = readFileSync(join(ROOT, 'docs/console.md'), 'utf8');

describe('the events to paste into the console', () => {
  it.each(FILES)('should be taken as they are: %s', (file) => {
    expect(parse(read(file))).toMatchObject({ kind: 'trigger', trigger: { kind: 'request', ...read(file) } });
  });

  it('should leave out no request', () => {
    expect(new Set(FILES.map((file) => read(file).action))).toEqual(new Set(ACTIONS));
  });

  it.each(FILES)('should be on the page, with the functions that answer: %s', (file) => {
    const row = page.split('\n').find((line) => line.startsWith(`| [${file}](../events/${file}) |`));
    const isQuestion = (QUESTIONS as readonly string[]).includes(read(file).action);
    expect(row?.endsWith(isQuestion ? '| either |' : '| failover |')).toBe(true);
  });

  it('should be named on the page only where they are there', () => {
    const named = [...page.matchAll(/\]\(\.\.\/events\/([^)]+)\)/g)].map(([, file = '']) => file);
    expect(new Set(named)).toEqual(new Set(FILES));
  });
});

describe('the function that only looks', () => {
  it.each(FILES.map(read))('should answer questions, and refuse what changes something: %j', (request) => {
    const isQuestion = (QUESTIONS as readonly string[]).includes(request.action);
    if (isQuestion) expect(parseQuestion(request)).toMatchObject(request);
    else
      expect(() => parseQuestion(request)).toThrow(
        /changes something, and this function only looks \(status, check, plan\)/,
      );
  });

  it('should refuse what is no request, with every fault', () => {
    expect(() => parseQuestion({ action: 'explode', group: 7 })).toThrow(/request\.action.+request\.group/s);
    expect(faultOf({ action: 'explode', group: 'web' }).code).toBe('InvalidRequest');
  });
});
