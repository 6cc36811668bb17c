import { FailoverError } from '../../../lib/errors.ts';
import { verdictEvent } from '../../../lib/probe/verdict-event.ts';
import { parseInvocation } from '../../../lib/triggers/parse.ts';
import { A } from '../../support/observation.ts';
import { verdict } from '../../support/probe.ts';

const parse = (input: unknown) => parseInvocation(input, 'eni-failover/');
const event = verdictEvent(verdict());
const withDetail = (given: object) => ({ ...event, detail: { ...event.detail, ...given } });

function faultsOf(input: unknown): readonly string[] {
  try {
    parse(input);
  } catch (error) {
    if (error instanceof FailoverError && error.code === 'UnsupportedEvent') return error.faults;
    throw error;
  }
  throw new Error('it was taken');
}

describe("the probe's event", () => {
  it('should become a trigger of a kind of its own, with the group that it names', () => {
    expect(parse(event)).toEqual({
      kind: 'trigger',
      trigger: { kind: 'verdict', group: 'web', instanceIds: [A], verdict: verdict() },
    });
  });

  it('should be refused with every fault when it is malformed', () => {
    const faults = faultsOf(
      withDetail({ version: 2, verdict: 'dead', acts: 'yes', at: 'now', found: 'rude', standbys: {}, confirmed: '' }),
    );
    expect(faults.map((fault) => fault.split(':')[0]?.replace('detail.', ''))).toEqual([
      'version',
      'verdict',
      'acts',
      'at',
      'found',
      'standbys',
      'confirmed',
    ]);
    expect(faultsOf({ ...event, detail: {} }).length).toBeGreaterThan(10);
  });

  it.each(['*', 'web?', '', 'a b', 'w'.repeat(65)])('should be refused for a group named %j', (group) => {
    expect(faultsOf(withDetail({ group }))).toEqual([expect.stringContaining('detail.group')]);
  });

  it.each([
    ['a request in its detail', withDetail({ action: 'failover', to: A, ignoreHealth: true })],
    ['a request beside it', { ...event, action: 'failover', group: 'web', to: A }],
  ])("should never be a person's request, with %s", (_, input) => {
    expect(parse(input)).toMatchObject({ trigger: { kind: 'verdict' } });
    expect(JSON.stringify(parse(input))).not.toContain('ignoreHealth');
  });

  it('should be believed from nobody else, nor anything else from the probe', () => {
    expect(parse({ ...event, source: 'my.app' })).toMatchObject({
      code: 'event-not-taken',
      reason: expect.stringContaining("only 'eni-failover.probe' speaks for the probe"),
    });
    expect(parse({ ...event, 'detail-type': 'Other' })).toMatchObject({ code: 'event-not-taken' });
  });
});
