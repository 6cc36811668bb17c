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
];
