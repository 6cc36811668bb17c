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
    find: 'if (own.length === 0) return seenFirst(views, statePrefix, company);',
    replace: 'if (own.length >= 0) return seenFirst(views, statePrefix, company);',
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
  {
    name: 'make no move whose intent the tags refuse',
    file: 'lib/engine/record.ts',
    find: "if (kind !== 'record-intent' || !isHeldWithoutTags(facts, plan)) return this.goOnWithout(kind, ledger, finish, why);\n    finish('failed', why);\n    return { kind: 'untaggable' };",
    replace:
      "if (kind !== 'record-intent') return this.goOnWithout(kind, ledger, finish, why);\n    void [isHeldWithoutTags, facts, plan]; finish('failed', why);\n    return { kind: 'failed', reason: why };",
    needs: 'many-tags',
  },
  {
    name: 'take a terminated holder that has lost its tags for a stranger',
    file: 'lib/engine/vanished.ts',
    find: 'if (ids.length === 0) return [];',
    replace: 'if (ids.length >= 0) return [];',
    needs: 'vanished-tags',
  },
  {
    name: 'ask for a device index that the card does not have',
    file: 'lib/core/placement.ts',
    find: 'if (deviceIndex >= card.maxInterfaces) {',
    replace: 'if (deviceIndex >= 1_000) {',
  },
  {
    name: 'move a group as often as it is asked to',
    file: 'lib/core/cooldown.ts',
    find: 'const lastToLeave = recorded[recorded.length - settings.maxMoves];',
    replace: 'const lastToLeave = recorded[recorded.length - 1_000 * settings.maxMoves];',
  },
  {
    name: 'overlook that volumes and interfaces share the attachments',
    file: 'lib/core/room.ts',
    find: 'if (arriving.length === 0 || volumes',
    replace: 'if (arriving.length >= 0 || volumes',
    needs: 'odd-hardware',
  },
  {
    name: 'elect a standby that a service manages',
    file: 'lib/core/elect.ts',
    find: 'return managedBy === undefined ? undefined :',
    replace: "return managedBy !== '' ? undefined :",
    needs: 'odd-hardware',
  },
  {
    name: 'leave what nobody serves to nobody while the only member is initializing',
    file: 'lib/core/last-resort.ts',
    find: "return code === 'initializing' || (UNKNOWN",
    replace: 'return (UNKNOWN',
  },
  {
    name: 'go on with the recorded move, whomever a person asks for',
    file: 'lib/core/replacement.ts',
    find: 'return !begunHere && ',
    replace: 'return begunHere && !begunHere && ',
    needs: 'asked-elsewhere',
  },
  {
    name: 'let an operation that is recorded on another interface vouch for a detach',
    file: 'lib/core/facts.ts',
    find: "    return parseIntent(tags[`${statePrefix}operation`] ?? '')?.id === id;",
    replace:
      "    return [{ tags }, ...interfaces].some((any) => parseIntent(any.tags[`${statePrefix}operation`] ?? '')?.id === id);",
    needs: 'forged-part',
  },
  {
    name: "have the followers go to the plan's target instead of to where the anchor is",
    file: 'lib/core/succession.ts',
    find: '  const server = serverOf(facts, intent.from);\n',
    replace: '  const server = undefined as string | undefined;\n',
    also: {
      find: '  const winner = facts.anchor?.attachment?.instanceId;\n',
      replace: '  const winner = undefined as string | undefined;\n',
    },
  },
];
