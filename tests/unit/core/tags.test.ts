import {
  deviceTag,
  formatDevice,
  GROUP_NAME,
  groupsOfMember,
  isExcluded,
  memberTagFaults,
  parseDevice,
  priorityOf,
} from '../../../lib/core/tags.ts';
import { A, ENI, floating, member } from '../../support/observation.ts';

const PREFIX = 'eni-failover:';
const tagged = (key: string, value: string) => member(A, { tags: { [PREFIX + key]: value } });

describe('the groups of a member', () => {
  it.each([
    ['web', ['web']],
    ['web db', ['web', 'db']],
    ['  web   db ', ['web', 'db']],
    ['web web', ['web']],
    ['', []],
  ])('should be split at spaces: %j', (text, groups) => {
    expect(groupsOfMember(tagged('group', text), PREFIX)).toEqual(groups);
  });

  it('should not be found under another prefix', () => {
    expect(groupsOfMember(member(A), 'acme:')).toEqual([]);
  });
});

describe('the name of a group', () => {
  it.each(['a', 'A.b_c-1', 'x'.repeat(64)])('should be allowed: %s', (name) => {
    expect(GROUP_NAME.test(name)).toBe(true);
  });

  it.each(['', 'x'.repeat(65), 'a b', 'a*', 'ä', 'a/b'])('should be refused: %j', (name) => {
    expect(GROUP_NAME.test(name)).toBe(false);
  });
});

describe('the priority', () => {
  it.each([
    ['7', 7],
    ['-3', -3],
    ['high', 0],
    ['1.5', 0],
    ['', 0],
  ])('should be read from %j as %i', (text, priority) => {
    expect(priorityOf(tagged('priority', text), PREFIX)).toBe(priority);
  });

  it('should be told about when it cannot be read', () => {
    expect(memberTagFaults(tagged('priority', 'high'), PREFIX)).toEqual([expect.stringContaining("'high'")]);
    expect(memberTagFaults(tagged('priority', '-3'), PREFIX)).toEqual([]);
    expect(memberTagFaults(member(A), PREFIX)).toEqual([]);
  });
});

describe('exclude', () => {
  it.each(['', 'true', 'yes', 'maintenance'])('should exclude with the value %j', (text) => {
    expect(isExcluded(tagged('exclude', text), PREFIX)).toBe(true);
  });

  it.each(['false', 'no', 'False', 'NO'])('should not exclude with the value %j', (text) => {
    expect(isExcluded(tagged('exclude', text), PREFIX)).toBe(false);
  });

  it('should not exclude when it is absent', () => {
    expect(isExcluded(member(A), PREFIX)).toBe(false);
  });
});

describe('the notation of a device', () => {
  it.each([
    ['1', 1, 0],
    ['12@3', 12, 3],
    ['0@1', 0, 1],
  ])('should be read and written back: %s', (text, deviceIndex, networkCardIndex) => {
    expect(parseDevice(text)).toEqual({ deviceIndex, networkCardIndex });
    expect(formatDevice({ deviceIndex, networkCardIndex })).toBe(text);
  });

  it.each(['0', '0@0', '1@', '@1', '1@2@3', ' 1', '1000'])('should be refused: %j', (text) => {
    expect(parseDevice(text)).toBeUndefined();
  });

  it('should be found in the tag of an interface', () => {
    const view = floating(ENI, undefined, { tags: { 'eni-failover:device-index': '2' } });
    expect(deviceTag(view, PREFIX)).toEqual({ deviceIndex: 2, networkCardIndex: 0 });
  });
});
