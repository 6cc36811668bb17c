import { parseUpkeep } from '../../../lib/triggers/upkeep.ts';

describe('what upkeep is invoked with', () => {
  it.each<[what: string, input: unknown, task: object]>([
    ['the schedule', { 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} }, { kind: 'all' }],
    ['the sweep', { version: 1, groups: ['web', 'db'] }, { kind: 'changed', groups: ['web', 'db'] }],
    ['a person who wants it to look', { action: 'look' }, { kind: 'all' }],
    ['a person who removes the stack', { action: 'remove-alarms' }, { kind: 'remove-alarms' }],
  ])('should be understood: %s', (_, input, task) => {
    expect(parseUpkeep(input)).toEqual(task);
  });

  // Deleting alarms by a guess would be worse than doing nothing.
  it.each<unknown>([
    {},
    null,
    { action: 'remove' },
    { action: 'remove-alarms', group: 'web' },
    { version: 2, groups: [] },
    { 'detail-type': 'EC2 Instance State-change Notification' },
  ])('should be refused: %j', (input) => {
    expect(() => parseUpkeep(input)).toThrow(/request\.action: must be 'look' or 'remove-alarms'/);
  });
});
