import { interruption, makeChange } from '../../../bin/changes.ts';
import type { Reach } from '../../../bin/reach.ts';
import type { Request } from '../../../bin/request.ts';
import { readArguments } from '../../../bin/program.ts';
import type { Session } from '../../../bin/session.ts';
import type { Terminal } from '../../../bin/terminal.ts';
import type { Answer } from '../../../bin/ask.ts';
import type { GroupResult } from '../../../lib/app.ts';

const A = 'i-0000000000000000a';
const B = 'i-0000000000000000b';
const BASE: GroupResult = {
  group: 'web',
  analysis: 'holder-healthy',
  decision: 'no-action',
  code: 'status',
  reason: 'Well.',
  rejected: [],
};
const member = (id: string, name: string) => ({ id, name, role: id === A ? 'holder' : 'standby', eligible: true });
const OPERATION = { id: 'op', action: 'failover', from: A, to: B, resources: [], steps: [], reason: '', durationMs: 0 };

interface Played {
  readonly canAsk?: boolean;
  readonly answer?: Answer;
  readonly holder?: string | null;
}

/** A group on A, played to the command. */
function played(args: readonly string[], { canAsk = false, answer = 'yes', holder = A }: Played = {}) {
  const sent: Request[] = [];
  const said = { out: '', err: '', questions: [] as string[] };
  const reach: Reach = {
    source: 'Straight.',
    isSure: true,
    tellsSteps: true,
    async ask(request) {
      sent.push(request);
      const status = { holder, members: [member(A, 'web-1'), member(B, 'web-2')], resources: [] };
      if (request.action === 'status') return { groups: [{ ...BASE, status } as unknown as GroupResult] };
      const operation = { ...OPERATION, result: request.action === 'plan' ? 'planned' : 'done' };
      return { groups: [{ ...BASE, decision: 'act', code: 'failover', operation } as GroupResult] };
    },
  };
  const style = new Proxy({}, { get: () => String }) as Terminal['out']['style'];
  const channel = (name: 'out' | 'err') => ({
    style,
    isTty: false,
    width: 80,
    write: (text: string) => void (said[name] += text),
  });
  const terminal: Terminal = { out: channel('out'), err: channel('err'), canAsk, isGone: () => false };
  const asked = readArguments(args, () => undefined);
  if (!asked) throw new Error('help');
  const askPerson = async (message: string): Promise<Answer> => (said.questions.push(message), answer);
  const session: Session = { asked, reach, terminal, askPerson, begin: () => undefined };
  return { run: () => makeChange(session), sent, said };
}

describe('a change', () => {
  it('should look, plan, ask and send what it has seen as the one to leave', async () => {
    const { run, sent, said } = played(['failover', 'web', '--to', 'web-2'], { canAsk: true });
    expect(await run()).toBe(0);
    expect(sent).toEqual([
      { action: 'status', group: 'web' },
      { action: 'plan', group: 'web', to: B, from: A },
      { action: 'failover', group: 'web', to: B, from: A },
    ]);
    expect(said.questions).toEqual(['failover web: moves the group to web-2; web-1 holds it now. Go on?']);
    expect(said.out).toMatch(/^web: failover done/);
  });

  it.each<[Answer, number]>([
    ['no', 1],
    ['cancelled', 130],
  ])('should change nothing when the answer is %s', async (answer, status) => {
    const { run, sent, said } = played(['failover', 'web'], { canAsk: true, answer });
    expect(await run()).toBe(status);
    expect(sent.map(({ action }) => action)).toEqual(['status', 'plan']);
    expect(said.err).toMatch(/Nothing was changed\.\n$/);
  });

  it('should not be asked about with --yes', async () => {
    const { run, said } = played(['pause', 'web', '--minutes', '5', '--yes']);
    expect(await run()).toBe(0);
    expect(said.questions).toEqual([]);
  });

  it('should send nothing where nobody can be asked', async () => {
    const { run, sent } = played(['pause', 'web']);
    await expect(run()).rejects.toThrow("'pause' changes something, and nobody can be asked here: give --yes.");
    expect(sent).toEqual([]);
  });

  it('should name nobody to leave where nobody holds the group, or the target does', async () => {
    const loose = played(['failover', 'web', '--yes'], { holder: null });
    await loose.run();
    expect(loose.sent.at(-1)).toEqual({ action: 'failover', group: 'web' });
    const there = played(['failover', 'web', '--to', 'web-1', '--yes']);
    await there.run();
    expect(there.sent.at(-1)).toEqual({ action: 'failover', group: 'web', to: A });
  });
});

describe('an interruption', () => {
  const GROUP = { group: 'web', to: 'web-2', viaLambda: false };

  it('should say what has been done, what is under way, and who completes it', () => {
    const said = interruption(
      { done: ['detached web-floating-1 from web-1'], open: ['attaching web-floating-1 to web-2'] },
      GROUP,
      200,
    );
    expect(said).toContain(
      'Interrupted: detached web-floating-1 from web-1; under way: attaching web-floating-1 to web-2.',
    );
    expect(said).toMatch(/The next run completes it.*\n {2}eni-failover failover web --to web-2$/);
  });

  it('should say that nothing was detached where that is so', () => {
    expect(interruption({ done: [], open: [] }, GROUP, 200)).toBe('Interrupted before anything was changed.');
    expect(interruption({ done: ['wrote down what is about to happen'], open: [] }, GROUP, 200)).toContain(
      'Nothing was detached.',
    );
  });

  it('should say of a function that it goes on', () => {
    expect(interruption({ done: [], open: [] }, { ...GROUP, viaLambda: true }, 200)).toMatch(
      /goes on.*eni-failover status web$/,
    );
  });
});
