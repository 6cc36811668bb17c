import type { EventTrigger } from './model.ts';

/** The instances an event is about. */
export function triggerInstances(trigger: EventTrigger): readonly string[] {
  return trigger.kind === 'alarm' ? trigger.instanceIds : [trigger.instanceId];
}
