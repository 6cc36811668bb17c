import { exitOf } from '../../../bin/exit.ts';
import type { Verb } from '../../../bin/verbs.ts';
import type { GroupResult, OperationResult } from '../../../lib/app.ts';

const RESULT: GroupResult = {
  group: 'web',
  analysis: 'holder-healthy',
  decision: 'act',
  code: 'failover',
  reason: 'Words.',
  rejected: [],
};
const MOVE: Verb = { action: 'failover', manner: 'move', summary: '' };
const PLAN: Verb = { action: 'plan', manner: 'question', summary: '' };
const STATUS: Verb = { action: 'status', manner: 'question', summary: '' };
const CHECK: Verb = { action: 'check', manner: 'question', summary: '' };
const ended = (result: OperationResult['result']) => ({ operation: { result } as OperationResult });
const notEligible = (code: GroupResult['rejected'][number]['code']): Partial<GroupResult> => ({
  decision: 'blocked',
  code: 'target-not-eligible',
  rejected: [{ instanceId: 'i-b', code, reason: '' }],
});

describe('the exit status', () => {
  it.each<[string, Verb, Partial<GroupResult>, number]>([
    ['a move that is done', MOVE, ended('done'), 0],
    ['a move that failed', MOVE, ended('failed'), 1],
    ['a move that was interrupted', MOVE, ended('interrupted'), 1],
    ['a move that is not needed', MOVE, { decision: 'no-action', code: 'already-there' }, 0],
    ['a move that somebody else has made', MOVE, { decision: 'no-action', code: 'already-moved' }, 1],
    ['a move that is refused', MOVE, { decision: 'blocked', code: 'no-candidate' }, 1],
    ['a target that is ill', MOVE, notEligible('impaired'), 1],
    ['a target in another zone', MOVE, notEligible('other-zone'), 2],
    ['a drill', MOVE, { ...ended('done'), drill: { there: {}, back: { result: 'done' } } } as object, 0],
    ['a drill that is cut short', MOVE, { ...ended('done'), drill: { there: {} } } as object, 1],
    ['a plan', PLAN, ended('planned'), 0],
    ['a plan that is blocked', PLAN, { decision: 'blocked', code: 'no-candidate' }, 1],
    ['the status of a group that is not well', STATUS, { decision: 'no-action', code: 'status' }, 0],
    [
      'a status that could not be had',
      STATUS,
      { analysis: 'not-observed', decision: 'blocked', code: 'aws-call-failed' },
      1,
    ],
    ['a group that is not there', STATUS, { analysis: 'group-unknown' }, 2],
    ['a check of a group that is ready', CHECK, { readiness: { ready: true } } as object, 0],
    ['a check of one that is not', CHECK, { readiness: { ready: false } } as object, 1],
  ])('should be that of %s', (_, verb, given, status) => {
    expect(exitOf(verb, { groups: [{ ...RESULT, ...given }] }, 'i-b')).toBe(status);
  });
});
