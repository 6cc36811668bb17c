import type { PlantedBug } from './bugs.ts';

/** What this product itself did wrong until somebody reported it from the field, one bug for each kind of report. */
export const FROM_THE_FIELD: readonly PlantedBug[] = [
  {
    name: 'take attaching for attached',
    file: 'lib/engine/attach.ts',
    find: "if (attachment.status === 'attached') conclude(item, 'attached', 'done');",
    replace: "if (attachment.status !== 'detaching') conclude(item, 'attached', 'done');",
  },
  {
    name: 'send an attach that came undone to the same member again and again',
    file: 'lib/engine/attach.ts',
    find: "else conclude(item, 'undone', 'failed', 'it was accepted, and then attached to nothing');",
    replace: "else conclude(item, 'lost', 'unknown', 'it was seen attached to nothing');",
    needs: 'reverting-attach',
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
    name: 'leave a detach that hangs on a healthy holder as it is',
    file: 'lib/core/transit.ts',
    find: "(hanging && attachment.status === 'detaching')",
    replace: "(hanging && attachment.status === 'attached')",
  },
  {
    name: 'believe a read that is older than the own detach',
    file: 'lib/engine/reconcile.ts',
    find: 'if (!released.isAnyOld(seen)) return seen;',
    replace: 'return seen;',
  },
  {
    name: "complete the recorded move whatever a person's target is",
    file: 'lib/core/replacement.ts',
    find: 'return !begunHere && settledOn(observation.interfaces) !== trigger.to;',
    replace: 'return begunHere && settledOn(observation.interfaces) !== trigger.to;',
  },
  {
    name: 'count the patience before force anew in each run',
    file: 'lib/engine/detach.ts',
    find: 'return (acceptedAt ?? released.whenAsked(attachmentId) ?? since) + forceAfterMs(instanceId);',
    replace:
      'return (acceptedAt ?? released.whenAsked(attachmentId) ?? since + 86_400_000) + forceAfterMs(instanceId);',
    needs: 'force-after-60',
  },
  {
    name: 'forget what a person has acknowledged',
    file: 'lib/core/ledger-codec.ts',
    find: 'const since = ledger.acknowledgedAt ?? Number.NEGATIVE_INFINITY;',
    replace: 'const since = Number.NEGATIVE_INFINITY;',
  },
];
