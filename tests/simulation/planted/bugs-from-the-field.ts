import type { PlantedBug } from './bug.ts';

/** What this product itself did wrong until somebody reported it from the field, one bug for each kind of report. */
export const FROM_THE_FIELD: readonly PlantedBug[] = [
  {
    name: 'take attaching for attached',
    file: 'lib/engine/attach.ts',
    find: "if (attachment.status === 'attached') conclude(item, 'attached', 'done');",
    replace: "if (attachment.status !== 'detaching') conclude(item, 'attached', 'done');",
  },
  {
    name: 'forget on which member an attach hung',
    file: 'lib/core/elect.ts',
    find: 'if (stuck !== undefined) return',
    replace: "if (stuck === '') return",
    needs: 'stuck-attach',
  },
  {
    name: 'give up no attach that hangs',
    file: 'lib/core/transit.ts',
    find: 'const late = isOverdue(attachment, now, settings) || ',
    replace: 'const late = (isOverdue(attachment, now, settings) && now < 0) || ',
    needs: 'stuck-attach',
  },
  {
    name: 'count the patience before force anew in each run',
    file: 'lib/engine/detach.ts',
    find: '?? run.process.leaving.get(attachmentId);\n  return (asked ?? since(attachmentId)) +',
    replace: ';\n  return (asked ?? since(attachmentId) + 86_400_000) +',
    needs: 'force-after-60',
  },
  {
    name: 'say nothing of what a sweep has moved',
    file: 'lib/engine/sweep.ts',
    find: 'const result = await work;\n    tell(result);',
    replace: 'const result = await work;',
  },
  {
    name: 'let an alarm over several members speak for one of them',
    file: 'lib/core/alarms.ts',
    find: 'return others.length === 0 && !meansWell(alarm) ? only : undefined;',
    replace: 'return others.length >= 0 && !meansWell(alarm) ? only : undefined;',
    needs: 'shared-alarms',
  },
  {
    name: 'move a group for an alarm that is muted, because of some other event',
    file: 'lib/core/readers.ts',
    find: "verdict: muted === true ? 'muted' : 'raised'",
    replace: "verdict: muted === 'unknown' ? 'muted' : 'raised'",
    needs: 'mutes-beside',
  },
  {
    name: "count every interface that carries the tag as the group's",
    file: 'lib/core/adoption.ts',
    find: 'if (own.length === 0) return seenFirst(views);',
    replace: 'if (own.length >= 0) return seenFirst(views);',
    needs: 'forged-ledger',
  },
  {
    name: 'tear what serves off a healthy member for the rest',
    file: 'lib/core/succession.ts',
    find: '  const server = serverOf(facts);\n  if (server !== undefined && (!namesSomebody(trigger)',
    replace:
      '  const server = undefined as string | undefined;\n  if (server !== undefined && (!namesSomebody(trigger)',
  },
  {
    name: 'try a member again on which an attach came undone',
    file: 'lib/engine/operation.ts',
    find: '    this.stuck[instanceId] = reason;\n    this.log.noteStuck(instanceId);\n    this.log.noteRefused(instanceId, HUNG);',
    replace: '    void [instanceId, reason, HUNG];',
    needs: 'reverting-attach',
  },
];
