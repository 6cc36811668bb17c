import { fieldsOf } from '../../../bin/fields.ts';
import { type Asked, readArguments, UsageError } from '../../../bin/program.ts';
import { checkRequest, requestFor } from '../../../bin/request.ts';
import { VERBS } from '../../../bin/verbs.ts';
import { ACTIONS, TAKEN_BY } from '../../../lib/triggers/request.ts';

const TAKEN: Readonly<Record<string, readonly string[]>> = TAKEN_BY;
const HOLDER = { id: 'i-0000000000000000a', name: 'web-1' };
const STANDBY = { id: 'i-0000000000000000b', name: 'web-2' };

function asked(...args: string[]): Asked {
  const read = readArguments(args, () => undefined);
  if (!read) throw new Error('help was asked for');
  return read;
}

describe('the verbs', () => {
  it('should be the actions that the request parser knows, each once', () => {
    expect(VERBS.map(({ action }) => action).toSorted()).toEqual([...ACTIONS].toSorted());
  });

  it.each(VERBS)('should take the fields that the request parser takes: $action', ({ action }) => {
    const taken = Object.keys(TAKEN).filter((field) => TAKEN[field]?.includes(action));
    expect(
      fieldsOf(action)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(taken.toSorted());
  });
});

describe('arguments', () => {
  it('should become a request, names and all', () => {
    const given = asked('failover', 'web', '--to', 'web-2', '--reason', 'kernel update', '--ignore-health', '--yes');
    expect(() => checkRequest(given)).not.toThrow();
    expect(requestFor(given, [HOLDER, STANDBY])).toEqual({
      action: 'failover',
      group: 'web',
      to: STANDBY.id,
      reason: 'kernel update',
      ignoreHealth: true,
    });
  });

  it('should take what all verbs take before the verb and behind it', () => {
    const before = asked('--json', '--region', 'eu-west-1', 'status', 'web');
    expect(before.options).toEqual(asked('status', 'web', '--region', 'eu-west-1', '--json').options);
    expect(before.options).toMatchObject({ json: true, region: 'eu-west-1', stage: 'prod' });
  });

  it('should give help when there are none', () => {
    const written: string[] = [];
    expect(readArguments([], (text) => written.push(text))).toBeUndefined();
    expect(written.join('')).toMatch(/^Usage: eni-failover .*\n/);
    expect(
      written
        .join('')
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });

  it('should say of a Name that several have that it takes an id', () => {
    const twins = [HOLDER, STANDBY].map(({ id }) => ({ id, name: 'web' }));
    expect(() => requestFor(asked('failover', 'web', '--to', 'web'), twins)).toThrow(
      new UsageError(
        `Several members of 'web' are named 'web': say --to with an id: web (${HOLDER.id}), web (${STANDBY.id}).`,
      ),
    );
  });

  it('should let a person name a member that is none any more as the one that is left', () => {
    const id = 'i-0000000000000000f';
    expect(requestFor(asked('failover', 'web', '--from', id), [STANDBY])).toMatchObject({ from: id });
  });
});
