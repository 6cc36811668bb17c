import type { PersonRequest, Trigger } from './model.ts';

/** The instances an event is about. */
export function triggerInstances(trigger: Exclude<Trigger, PersonRequest>): readonly string[] {
  return trigger.kind === 'alarm' ? trigger.instanceIds : [trigger.instanceId];
}
