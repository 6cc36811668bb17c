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

  it.each<[string, Parameters<typeof forceAfterMs>[2], Given, number]>([
    ['a person planned', { plain: true, automatic: false }, {}, Number.POSITIVE_INFINITY],
    ['a person planned, from a holder that fails now', { plain: true, automatic: false }, { alarms: inAlarm(A) }, 2],
    ['automation planned', { plain: true, automatic: true }, {}, 40],
    ['is none', { automatic: true }, {}, 10],
  ])('should, in a plain move that %s, end by itself unless a person waits', (_, move, given, seconds) => {
    const { facts } = decided(SWEEP, observation(given));
    const settings = { ...DEFAULT_SETTINGS, stuckAfterSeconds: 40 };
    expect(forceAfterMs({ ...facts, settings }, A, move) / 1000).toBe(seconds);
  });

  it('should never be shorter in a failback by itself than in a failover', () => {
    const { facts } = decided(SWEEP, observation());
    const settings = { ...DEFAULT_SETTINGS, forceAfterSeconds: 50, stuckAfterSeconds: 40 };
    expect(forceAfterMs({ ...facts, settings }, A, { plain: true, automatic: true }) / 1000).toBe(50);
  });

  it('should never be longer for a holder that fails than for one that is well', () => {
    expect(wait({ alarms: inAlarm(A) }, { forceAfterSeconds: 0 })).toBe(0);
  });
});
