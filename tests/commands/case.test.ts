import { run } from './run.ts';

const PASSES = 'tests/commands/cases/passes.yml';
const FAILS = 'tests/commands/cases/fails.yml';
const WRONG = 'tests/commands/cases/wrong.json';
const PASS_LINE = 'pass A heartbeat alarm of ours that goes off below its threshold is a failure\n';

describe('npm run case', () => {
  it('should print a line for each case, what was expected and what was, and end with 1 when one fails', async () => {
    expect(await run('case', PASSES, FAILS)).toEqual({
      status: 1,
      out: `${PASS_LINE}FAIL Nothing happens, and something else is expected: eni on b at the end, was on a; said no-candidate, was holder-healthy\n`,
      err: '',
    });
  });

  it('should list every fault of a file that is no case, and play none', async () => {
    expect(await run('case', PASSES, WRONG, 'tests/commands/cases/nobody.yml')).toEqual({
      status: 2,
      out: '',
      err: expect.stringMatching(
        /^(\S+wrong\.json: until must be a duration.*\n)(\S+wrong\.json: instances\.a\.zone must be a letter, such as a\n)(\S+wrong\.json: interfaces\.eni\.on is 'b', and there is no instance of that name\n)(\S+nobody\.yml: cannot be read: .*\n)$/,
      ) as string,
    });
  });

  it('should print one document for machines, the same for the same seed and another for another, and end with 0 when all pass', async () => {
    const [one, same, other] = await Promise.all([
      run('case', '--json', PASSES),
      run('case', '--json', PASSES),
      run('case', '--json', '--seed', '2', PASSES),
    ]);
    const { cases } = JSON.parse(one.out) as { cases: readonly Record<string, unknown>[] };
    expect(cases).toEqual([
      {
        name: expect.stringMatching(/^A heartbeat/) as string,
        pass: true,
        failures: [],
        holder: { eni: 'b' },
        looseMs: expect.any(Number) as number,
        calls: expect.objectContaining({ AttachNetworkInterface: 1, DetachNetworkInterface: 1 }) as object,
        answers: { after: { groups: [expect.objectContaining({ group: 'web', code: 'status' })] } },
        timeline: expect.arrayContaining([
          { at: '1m30s', kind: 'line', text: 'alarm {"name":"eni-failover/web/heartbeat","state":"ALARM"}' },
        ]) as object,
      },
    ]);
    expect([one.status, one.err]).toEqual([0, '']);
    expect(same.out).toBe(one.out);
    expect(other.out).not.toBe(one.out);
  });
});
