import { forceAfterMs } from '../../../lib/core/patience.ts';
import { DEFAULT_SETTINGS } from '../../../lib/core/settings.ts';
import {
  A,
  decided,
  inAlarm,
  instanceCheck,
  member,
  observation,
  SWEEP,
  type Given,
} from '../../support/observation.ts';

const wait = (given: Given, settings: Partial<typeof DEFAULT_SETTINGS> = {}): number => {
  const { facts } = decided(SWEEP, observation(given));
  return forceAfterMs({ ...facts, settings: { ...DEFAULT_SETTINGS, ...settings } }, A) / 1000;
};

describe('the wait before a detach is forced', () => {
  it.each<[string, Given, number]>([
    ['is healthy', {}, 10],
    ['fails its instance check', { checks: { [A]: instanceCheck('impaired') } }, 2],
    ['fails its system check', { checks: { [A]: { ...instanceCheck('ok'), system: 'impaired' } } }, 2],
    [
      'fails only what a working guest can fail',
      { checks: { [A]: { ...instanceCheck('ok'), application: 'impaired' } } },
      10,
    ],
    ['has checks that are initializing', { checks: { [A]: instanceCheck('initializing') } }, 10],
    ['has an alarm of ours on its checks', { alarms: inAlarm(A) }, 2],
    ['is terminated', { members: [member(A, { state: 'terminated' })] }, 2],
    ['is stopping', { members: [member(A, { state: 'stopping' })] }, 10],
    ['is stopped, with its alarm still raised', { members: [member(A, { state: 'stopped' })], alarms: inAlarm(A) }, 10],
  ])('should, where the holder %s, be as set for such a one', (_, given, seconds) => {
    expect(wait(given)).toBe(seconds);
  });

  it('should never be longer for a holder that fails than for one that is well', () => {
    expect(wait({ alarms: inAlarm(A) }, { forceAfterSeconds: 0 })).toBe(0);
  });
});
