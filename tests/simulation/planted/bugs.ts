/** A defect planted into one file of the product: `find` occurs there exactly once and becomes `replace`. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Each of them is a mistake that somebody made before us, or that a hurried change could make tomorrow. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'skip the re-read: decide again on what was seen before',
    file: 'lib/engine/reconcile.ts',
    find: 'return await observeAgain(run, trigger, observation.group, operation.experience);',
    replace: 'return { ...observation, experience: operation.experience };',
  },
  {
    name: 'toggle instead of converge: on every event, move to the other one',
    file: 'lib/core/decide.ts',
    find: "if (trigger.kind !== 'sweep' && ",
    replace: "if (trigger.kind !== 'sweep') return electAndMove(trigger, observation, situation); if (",
  },
  {
    name: 'trust the event: do not ask whether the holder has really failed',
    file: 'lib/core/decide.ts',
    find: "const wanted = holderHealth?.verdict === 'failed' ||",
    replace: "const wanted = trigger.kind === 'alarm' || holderHealth?.verdict === 'failed' ||",
  },
  {
    name: 'force at once',
    file: 'lib/engine/detach.ts',
    find: 'const gentle = forceAfterSeconds > 0;',
    replace: 'const gentle = false;',
  },
  {
    name: 'never force',
    file: 'lib/engine/detach.ts',
    find: "if (end === 'expired')",
    replace: "if (end === 'expired' && forceAfterSeconds < 0)",
  },
  {
    name: 'ignore the move bound',
    file: 'lib/core/guard.ts',
    find: 'if (lastToLeave === undefined) return undefined;',
    replace: 'if (lastToLeave === undefined || now > 0) return undefined;',
  },
  {
    name: 'forget to count a move when it begins',
    file: 'lib/core/transitions.ts',
    find: 'moves: change.intent.automatic ? [...recent, change.now] : recent,',
    replace: 'moves: recent,',
  },
  {
    name: 'ignore the pause',
    file: 'lib/core/guard.ts',
    find: 'pausedUntil > now)',
    replace: 'pausedUntil > now + 86_400_000)',
  },
  {
    name: 'detach first, write the intent never',
    file: 'lib/engine/act.ts',
    find: "if (plan.kind === 'new') {",
    replace: "if (plan.kind === 'new' && run.deadlineAt < 0) {",
  },
  {
    name: 'write the result before the attach is confirmed',
    file: 'lib/engine/attach.ts',
    find: 'const settled = await waitUntilAttached(run, plan.to, entering);',
    replace: "const settled: StepOutcome = { kind: 'done' }; void waitUntilAttached;",
  },
  {
    name: 'take any attachment for the one that was made',
    file: 'lib/engine/attach.ts',
    find: 'const expected = attachment?.instanceId === instanceId && attachment.id === (item.attachmentId ?? attachment.id);',
    replace: 'const expected = attachment !== undefined;',
  },
  {
    name: 'swallow the attach error',
    file: 'lib/engine/attach.ts',
    find: '    return outcome;',
    replace: '    return { ...open, attached: outcome.kind !== "done", answeredAt: run.clock.now(), finish };',
  },
  {
    name: 'attach the followers whether or not the anchor was attached',
    file: 'lib/engine/attach.ts',
    find: "if ('kind' in first) return first;",
    replace: '',
  },
  {
    name: "attach followers to the plan's target instead of the anchor's holder",
    file: 'lib/core/resume.ts',
    find: 'if (anchorHolder === undefined || ',
    replace: "if (anchorHolder !== 'nobody' || ",
  },
  {
    name: 'note the same trouble every minute',
    file: 'lib/core/notes.ts',
    find: 'if (what === before.condition?.what) return undefined;',
    replace: 'if (what === undefined && before.condition === undefined) return undefined;',
  },
  {
    name: 'forget the network card',
    file: 'lib/aws/ec2-changes.ts',
    find: 'NetworkCardIndex: networkCardIndex,',
    replace: '',
  },
  {
    name: 'retry an ambiguous change blindly',
    file: 'lib/aws/errors.ts',
    find: "return failure === 'throttled' || failure === 'conflict' || failure === 'unavailable';",
    replace: "return failure !== 'denied' && failure !== 'refused' && failure !== 'gone' && failure !== 'invalid';",
  },
  {
    name: 'treat unknown as failed',
    file: 'lib/core/health.ts',
    find: "({ verdict: 'unknown', code, because })",
    replace: "({ verdict: 'failed', code, because })",
  },
  {
    name: 'treat unknown as healthy',
    file: 'lib/core/health.ts',
    find: "({ verdict: 'unknown', code, because })",
    replace: "({ verdict: 'healthy', code: 'healthy', because })",
  },
  {
    name: 'forget who is excluded',
    file: 'lib/core/elect.ts',
    find: 'if (isExcluded(member, settings.tagPrefix) && !rules.asRefuge) {',
    replace: 'if (isExcluded(member, settings.tagPrefix) && rules.asRefuge) {',
  },
  {
    name: 'forget the Availability Zone',
    file: 'lib/core/elect.ts',
    find: 'view.zone !== member.zone',
    replace: "view.zone === '' && member.zone !== ''",
  },
  {
    name: 'write over a pause',
    file: 'lib/core/ledger-codec.ts',
    find: "const NOT_OF_AN_OPERATION: readonly LedgerKey[] = ['pause'];",
    replace: 'const NOT_OF_AN_OPERATION: readonly LedgerKey[] = [];',
  },
  {
    name: 'write times nobody can read back',
    file: 'lib/core/tag-text.ts',
    find: 'new Date(ms).toISOString();',
    replace: 'new Date(ms).toUTCString();',
  },
];
