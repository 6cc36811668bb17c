import {
  deviceTag,
  formatDevice,
  GROUP_NAME,
  groupOfInterface,
  groupsOfMember,
  isExcluded,
  isPrimary,
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

describe('the group of an interface', () => {
  it('should be the one it is tagged with, as it is written', () => {
    expect(groupOfInterface(floating(ENI), PREFIX)).toBe('web');
    expect(groupOfInterface({ tags: { 'eni-failover:group': 'web db' } }, PREFIX)).toBe('web db');
    expect(groupOfInterface(floating(ENI), 'acme:')).toBeUndefined();
  });
});

describe('the primary interface', () => {
  it.each([
    [0, 0, true],
    [0, 1, false],
    [1, 0, false],
    [1, 1, false],
  ])('should be the one at index 0 of card 0: index %i of card %i, %s', (deviceIndex, networkCardIndex, primary) => {
    expect(isPrimary({ deviceIndex, networkCardIndex })).toBe(primary);
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
    ['7 ', 0],
    [' 7', 0],
    ['-', 0],
    ['999999999', 999_999_999],
    ['1000000000', 0],
    ['', 0],
  ])('should be read from %j as %i', (text, priority) => {
    expect(priorityOf(tagged('priority', text), PREFIX)).toBe(priority);
  });

  it('should be told about when it cannot be read', () => {
    expect(memberTagFaults(tagged('priority', 'high'), PREFIX)).toEqual([
      `Tag eni-failover:priority of ${A} must be a whole number, not 'high'. 0 is used.`,
    ]);
    for (const text of ['1.5', ' 7', '7 ', '1000000000', '']) {
      expect(memberTagFaults(tagged('priority', text), PREFIX)).toHaveLength(1);
    }
    for (const text of ['-3', '7', '999999999']) {
      expect(memberTagFaults(tagged('priority', text), PREFIX)).toEqual([]);
    }
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

  it.each(['0', '0@0', '1@', '@1', '1@2@3', ' 1', '1 ', '1000', '1@1000', 'x1', ''])(
    'should be refused: %j',
    (text) => {
      expect(parseDevice(text)).toBeUndefined();
    },
  );

  it('should be found in the tag of an interface', () => {
    const view = floating(ENI, undefined, { tags: { 'eni-failover:device-index': '2' } });
    expect(deviceTag(view, PREFIX)).toEqual({ deviceIndex: 2, networkCardIndex: 0 });
    expect(deviceTag(view, 'acme:')).toBeUndefined();
  });
});
